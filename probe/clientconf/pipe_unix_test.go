//go:build unix

package clientconf

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestReadDoesNotWaitForAPipe(t *testing.T) {
	p := at(t, nil)
	path := filepath.Join(p.Home, ".muttrc")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	const want = "this is not a regular file"
	if got := Read(path, p); message(got.Err) != want {
		t.Errorf("got %v, want %q", got.Err, want)
	}
	if got := Find(p); len(got) != 1 || message(got[0].Err) != want {
		t.Errorf("Find: got %+v, want %q", got, want)
	}
}
