package debian

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startLimit = 30 * time.Second // a server is up within a second; a busy machine with two cores needs more
	stopLimit  = 5 * time.Second  // both need a second or two; only a session that is still open holds Dovecot up for longer
	portTries  = 3                // how often another program may take a free port before the server binds it
)

// errPortTaken says that a port was free when it was chosen and is not any more.
var errPortTaken = errors.New("a port was taken before the server could listen on it")

// server is one running process group with the temporary folder it lives in.
type server struct {
	folder  string
	cmd     *exec.Cmd
	journal *journal
	once    sync.Once
	stopped chan struct{} // closed when nothing of the group is left
}

// setup writes a server's files into the folder and returns the command that runs
// it in the foreground on the addresses. The command has no environment but its own.
type setup func(folder string, addresses []string) (*exec.Cmd, error)

// launch starts a server on free ports of the host and returns when its log shows
// that it listens. One that tells nobody has no ready text: its ports are tried.
func launch(host string, count int, ready string, prepare setup) (*server, []string, error) {
	var lost error
	for range portTries {
		addresses, err := freeAddresses(host, count)
		if err != nil {
			return nil, nil, err
		}
		s, err := try(addresses, ready, prepare)
		if err == nil {
			return s, addresses, nil
		}
		if !errors.Is(err, errPortTaken) {
			return nil, nil, err
		}
		lost = err
	}
	return nil, nil, fmt.Errorf("%d tries: %w", portTries, lost)
}

// try starts a server on exactly these addresses, once.
func try(addresses []string, ready string, prepare setup) (*server, error) {
	folder, err := newFolder()
	if err != nil {
		return nil, err
	}
	cmd, err := prepare(folder, addresses)
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	s, err := start(folder, cmd)
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	if ready != "" && s.journal.await(ready, startLimit) || ready == "" && s.answers(addresses) {
		return s, nil
	}
	s.stop()
	log := s.journal.String()
	if strings.Contains(log, "Address already in use") {
		return nil, fmt.Errorf("%w, log:\n%s", errPortTaken, log)
	}
	return nil, fmt.Errorf("%s did not become ready, log:\n%s", cmd.Path, log)
}

// newFolder makes a temporary folder that the servers' unprivileged users may
// enter. Its name is short because the path of a Unix socket has room for 107 bytes.
func newFolder() (string, error) {
	folder, err := os.MkdirTemp("", "mm")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		os.RemoveAll(folder)
		return "", err
	}
	return folder, nil
}

// freeAddresses finds ports that nothing listens on. All are held at once, so that
// none is found twice, and released together.
func freeAddresses(host string, count int) ([]string, error) {
	var addresses []string
	for range count {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			return nil, fmt.Errorf("find a free port on %s: %w", host, err)
		}
		defer l.Close()
		addresses = append(addresses, l.Addr().String())
	}
	return addresses, nil
}

// start runs the command in a process group of its own, with its output as the log.
func start(folder string, cmd *exec.Cmd) (*server, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	cmd.Dir = folder
	cmd.Env = append(cmd.Env, "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
	cmd.Stdout, cmd.Stderr = write, write
	ownGroup(cmd)

	s := &server{folder: folder, cmd: cmd, journal: newJournal(), stopped: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel ends the server when the thread that started it ends, so that
		// a test run that is killed leaves nothing behind. The thread must
		// therefore be this goroutine's own for as long as the server runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		started <- cmd.Start()
		<-s.stopped
	}()
	if err := <-started; err != nil {
		close(s.stopped)
		read.Close()
		return nil, err
	}
	go s.journal.read(read)
	return s, nil
}

// stop ends the server and its children, and removes the folder. The journal is
// complete afterwards.
func (s *server) stop() {
	s.once.Do(func() {
		s.cmd.Process.Signal(syscall.SIGTERM)
		// Every child holds the write end of the log, so its end of file says that
		// all are gone. Until Wait below, the group's number cannot be reused.
		s.journal.drained(stopLimit)
		killGroup(s.cmd.Process.Pid)
		s.cmd.Wait()
		s.journal.drained(stopLimit)
		close(s.stopped)
		os.RemoveAll(s.folder)
	})
}

// answers tells whether every port took a connection before the server ended and before
// the limit passed.
func (s *server) answers(addresses []string) bool {
	late := time.After(startLimit)
	for _, address := range addresses {
		for {
			c, err := net.Dial("tcp", address)
			if err == nil {
				c.Close()
				break
			}
			select {
			case <-s.journal.ended:
				return false
			case <-late:
				return false
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return true
}
