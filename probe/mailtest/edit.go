package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"strings"
)

// edit puts on an IMAP session what the library server does not do: a quota, folder names
// that are spelt wrong, and other capabilities.
func (s *server) edit(conn net.Conn) net.Conn {
	if s.fault.Quota[1] == 0 && len(s.store.Odd) == 0 && len(s.fault.Caps) == 0 {
		return conn
	}
	return &edited{Conn: conn, server: s}
}

// edited changes lines on their way. The library writes whole responses, and the client
// of a test sends no literals after its login.
type edited struct {
	net.Conn
	server *server
	line   []byte // of the client, so far
	ready  []byte // for the library
}

func (e *edited) Read(b []byte) (int, error) {
	for len(e.ready) == 0 {
		var buffer [4096]byte
		n, err := e.Conn.Read(buffer[:])
		e.take(buffer[:n])
		if err != nil && len(e.ready) == 0 {
			return 0, err
		}
	}
	n := copy(b, e.ready)
	e.ready = e.ready[n:]
	return n, nil
}

// take sorts the client's lines: those about quotas are answered here.
func (e *edited) take(data []byte) {
	e.line = append(e.line, data...)
	for {
		at := bytes.IndexByte(e.line, '\n')
		if at < 0 && len(e.line) > maxLine { // no command of ours
			e.ready, e.line = append(e.ready, e.line...), nil
		}
		if at < 0 {
			return
		}
		line := e.line[:at+1]
		tag, command, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if strings.HasPrefix(strings.ToUpper(command), "GETQUOTAROOT") && e.server.fault.Quota[1] != 0 {
			q := e.server.fault.Quota
			fmt.Fprintf(e.Conn, "* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (STORAGE %d %d)\r\n%s OK Quota completed\r\n", q[0], q[1], tag)
		} else {
			e.ready = append(e.ready, line...)
		}
		e.line = e.line[at+1:]
	}
}

func (e *edited) Write(b []byte) (int, error) {
	var out []byte
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		out = append(out, e.rewrite(string(line))...)
	}
	if _, err := e.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (e *edited) rewrite(line string) string {
	if caps := e.server.fault.Caps; len(caps) > 0 {
		line = replaceCapabilities(line, strings.Join(caps, " "))
	}
	if e.server.fault.Quota[1] != 0 && strings.Contains(line, "CAPABILITY ") {
		line = strings.Replace(line, " NAMESPACE ", " NAMESPACE QUOTA ", 1)
	}
	if _, rest, _ := strings.Cut(line, " "); strings.HasPrefix(rest, "OK LIST") && !strings.HasPrefix(line, "*") {
		for _, row := range e.server.store.Odd {
			line = "* LIST " + row + "\r\n" + line
		}
	}
	return line
}

// replaceCapabilities puts another list in place of the one in a line, if it has one.
func replaceCapabilities(line, list string) string {
	if strings.HasPrefix(line, "* CAPABILITY ") {
		return "* CAPABILITY " + list + "\r\n"
	}
	before, rest, found := strings.Cut(line, "[CAPABILITY ")
	if !found {
		return line
	}
	_, after, _ := strings.Cut(rest, "]")
	return before + "[CAPABILITY " + list + "]" + after
}
