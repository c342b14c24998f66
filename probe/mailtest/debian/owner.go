package debian

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// mailOwner is the user that the mail belongs to. Debian has "nobody" without any
// package, and Dovecot refuses to read mail as root.
func mailOwner() (uid, gid int, err error) { return lookup("nobody") }

// queueOwner is the user that Postfix drops to; the package makes it.
func queueOwner() (uid, gid int, err error) { return lookup("postfix") }

func lookup(name string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, fmt.Errorf("user %s: %w", name, err)
	}
	if gid, err = strconv.Atoi(u.Gid); err != nil {
		return 0, 0, fmt.Errorf("user %s: %w", name, err)
	}
	return uid, gid, nil
}

// chownAll gives the folder and all below it to the user. A folder that is not
// there, because the server has no users, is nobody's.
func chownAll(folder string, uid, gid int) error {
	return filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid)
	})
}
