package wire

import (
	"slices"
	"testing"
)

func TestListed(t *testing.T) {
	for row, want := range map[string]struct {
		name    string
		decoded bool
		ok      bool
	}{
		`* LSUB () "." INBOX.Sent`:              {"INBOX.Sent", true, true},
		`* LSUB (\Noselect) "/" "Entw&APw-rfe"`: {"Entwürfe", true, true},
		`* LIST () NIL "A &- B"`:                {"A & B", true, true},
		`* LIST () "." "Entw&ulrfe"`:            {"Entw&ulrfe", false, true},
		"* LIST () \".\" \"\xff\"":              {"\xff", false, true},
		`* LIST () "."`:                         {},
		`* STATUS INBOX (MESSAGES 1)`:           {},
		`m1 OK done`:                            {},
	} {
		got, ok := Listed(row)
		if got.Name != want.name || got.Decoded != want.decoded || ok != want.ok {
			t.Errorf("%q: got %+v, %t; want %+v", row, got, ok, want)
		}
	}
}

func TestQuotaRow(t *testing.T) {
	for row, want := range map[string][]Limited{
		`* QUOTA "" (STORAGE 10 512)`:                    {{"", "STORAGE", 10, 512}},
		`* QUOTA user.a (storage 1 2 MESSAGE 3 4)`:       {{"user.a", "STORAGE", 1, 2}, {"user.a", "MESSAGE", 3, 4}},
		`* QUOTA INBOX ()`:                               nil,
		`* QUOTA "" (STORAGE 10)`:                        nil,
		`* QUOTA "" (STORAGE ten 512)`:                   nil,
		`* QUOTA "" (STORAGE 99999999999999999999999 1)`: nil,
		`* QUOTAROOT INBOX ""`:                           nil,
	} {
		if got := QuotaRow(row); !slices.Equal(got, want) {
			t.Errorf("%q: got %+v, want %+v", row, got, want)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add(`* LSUB () "." "Entw&APw-rfe"`)
	f.Add(`* QUOTA "" (STORAGE 10 512)`)
	f.Fuzz(func(t *testing.T, row string) {
		Listed(row)
		QuotaRow(row)
	})
}
