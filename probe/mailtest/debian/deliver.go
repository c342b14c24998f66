package debian

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// storeLimit bounds one delivery and one APPEND; both take a few milliseconds.
const storeLimit = 30 * time.Second

// Deliver brings a message into a user's INBOX as a mail server does, by LMTP: Dovecot
// adds Return-Path, Delivered-To and a Received field, and dates it with its own clock.
// The lines of the message end in CRLF. It needs DovecotOptions.LMTP.
func (d *Dovecot) Deliver(t testing.TB, user, message string) {
	t.Helper()
	if err := deliver(lmtpSocket(d.server.folder), user, message); err != nil {
		t.Fatalf("deliver to %s: %v", user, err)
	}
}

func deliver(socket, user, message string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	client := smtp.NewClientLMTP(conn)
	defer client.Close()
	client.CommandTimeout, client.SubmissionTimeout = storeLimit, storeLimit
	if err := client.Mail("sender@example.com", nil); err != nil {
		return fmt.Errorf("MAIL: %w", err)
	}
	if err := client.Rcpt(user, nil); err != nil {
		return fmt.Errorf("RCPT: %w", err)
	}
	data, err := client.Data()
	if err != nil {
		return fmt.Errorf("DATA: %w", err)
	}
	if _, err := io.WriteString(data, message); err != nil {
		return err
	}
	if _, err := data.CloseWithLMTPResponse(); err != nil {
		return fmt.Errorf("the message: %w", err)
	}
	return client.Quit()
}

// Append stores a message in a folder as a mail program does, by IMAP over TLS, and
// returns its UID. A date that is not zero becomes the internal date (RFC 9051 section
// 6.3.12); without one the server's clock gives it. The lines of the message end in CRLF.
func (d *Dovecot) Append(t testing.TB, user User, folder string, date time.Time, message string) uint32 {
	t.Helper()
	uid, err := d.append(user, folder, date, message)
	if err != nil {
		t.Fatalf("append to %s of %s: %v", folder, user.Name, err)
	}
	return uid
}

func (d *Dovecot) append(user User, folder string, date time.Time, message string) (uint32, error) {
	client, err := d.login(user)
	if err != nil {
		return 0, err
	}
	defer client.Close()
	stored := client.Append(folder, int64(len(message)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: date})
	_, wrong := io.WriteString(stored, message)
	if err := errors.Join(wrong, stored.Close()); err != nil {
		return 0, err
	}
	where, err := stored.Wait()
	if err != nil {
		return 0, err
	}
	return uint32(where.UID), client.Logout().Wait()
}

// Messages returns all messages of a folder as they are stored, the oldest UID first.
func (d *Dovecot) Messages(t testing.TB, user User, folder string) []string {
	t.Helper()
	messages, err := d.messages(user, folder)
	if err != nil {
		t.Fatalf("read %s of %s: %v", folder, user.Name, err)
	}
	return messages
}

func (d *Dovecot) messages(user User, folder string) (messages []string, err error) {
	client, err := d.login(user)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	selected, err := client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, err
	}
	if selected.NumMessages > 0 {
		whole := &imap.FetchItemBodySection{Peek: true}
		all := imap.SeqSet{imap.SeqRange{Start: 1, Stop: selected.NumMessages}}
		found, err := client.Fetch(all, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			messages = append(messages, string(m.FindBodySection(whole)))
		}
	}
	return messages, client.Logout().Wait()
}

// login is a session in which nothing has been asked yet.
func (d *Dovecot) login(user User) (*imapclient.Client, error) {
	conn, err := d.dial()
	if err != nil {
		return nil, err
	}
	client := imapclient.New(conn, nil)
	if err := client.Login(user.Name, user.Password).Wait(); err != nil {
		client.Close()
		return nil, fmt.Errorf("log in: %w", err)
	}
	return client, nil
}

// dial opens TLS with the server, which must show exactly the certificate that it was
// given. The connection ends with storeLimit.
func (d *Dovecot) dial() (net.Conn, error) {
	block, _ := pem.Decode(d.certificate.CertPEM)
	if block == nil {
		return nil, errors.New("the certificate is no PEM")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: leaf.DNSNames[0]}}
	conn, err := dialer.DialContext(ctx, "tcp", d.TLS)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(storeLimit))
}
