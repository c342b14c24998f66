package probe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

// TestScrubReachesEverything fills every text of a record with the password and lists
// those that keep it: what the user or the profile said, and words that mailmedic
// chooses itself. A new field of the record has to go on one side or the other.
func TestScrubReachesEverything(t *testing.T) {
	e := &evidence.Evidence{}
	fill(reflect.ValueOf(e).Elem(), 0)
	r := newRun(Plan{Budget: DefaultBudget(), Names: []Attempt{{"alice", evidence.Needed}}}, Credentials{NewSecret([]byte(canary))}, time.Time{})
	r.scrub(e)
	var kept []string
	keeping(reflect.ValueOf(e).Elem(), "", &kept)
	slices.Sort(kept)
	// Everywhere, these fields hold words and numbers that have a form of their own.
	ours := []string{
		"Errno", "Reason", "Status", "Enhanced", "Address", "Path", "Version", "Cipher", "Group", "TimeWhy", "ChainWhy", "CompletedBy",
		"KeyType", "Signature", "SHA256", "Date",
	}
	kept = slices.DeleteFunc(kept, func(place string) bool { return slices.Contains(ours, place[strings.LastIndex(place, ".")+1:]) })
	want := []string{
		"Controls.Host", "Host.Arch", "Host.LinkV4.Name", "Host.LinkV6.Name", "Host.OS", "Host.Proxies", "Host.Resolvers",
		"Logins.Mechanism", "Logins.Name", "Lookups.Name", "Lookups.RCode", "Lookups.Server", "Lookups.Type",
		"Run.ID", "Run.Mode", "Run.NoLogin", "Run.Simulated", "Run.Unverified", "Sessions.Dials.Family", "Sessions.Override",
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("texts that keep a password: -want +got:\n%s", diff)
	}
}

// fill writes the password into every text below v, and one element into every list.
func fill(v reflect.Value, successors int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(canary)
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*evidence.Evidence]() {
			if successors++; successors > 1 {
				return
			}
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), successors)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), successors)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type().PkgPath() == reflect.TypeFor[profile.Profile]().PkgPath() {
			return // neither holds what a server said
		}
		for i := range v.NumField() {
			fill(v.Field(i), successors)
		}
	}
}

// keeping lists the places below v that hold the password still. Words of a type of
// their own are mailmedic's; those of the successor are listed with the record's.
func keeping(v reflect.Value, place string, kept *[]string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && strings.Contains(v.String(), canary) && !slices.Contains(*kept, place) {
			*kept = append(*kept, place)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			keeping(v.Elem(), place, kept)
		}
	case reflect.Slice:
		for i := range v.Len() {
			keeping(v.Index(i), place, kept)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if !v.Type().Field(i).IsExported() {
				continue
			}
			keeping(v.Field(i), strings.TrimPrefix(strings.TrimPrefix(fmt.Sprintf("%s.%s", place, name), "."), "Successor."), kept)
		}
	}
}
