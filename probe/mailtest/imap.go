package mailtest

import (
	"io"
	"log"
	"net"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// mailbox is one IMAP session. imapmemserver knows one separator, no namespace prefix
// and no special use, so those three are answered here.
type mailbox struct {
	*imapmemserver.UserSession // nil until the login

	server *server
	ended  chan struct{} // closed with the session
}

var _ imapserver.SessionNamespace = (*mailbox)(nil)

// imap lets go-imap serve the connection, and returns when it has ended.
func (s *server) imap(conn net.Conn) {
	only := newOnly(conn)
	ended := make(chan struct{})
	library := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &mailbox{server: s, ended: ended}, nil, nil
		},
		Caps: imap.CapSet{
			imap.CapIMAP4rev1:    {},
			imap.CapNamespace:    {},
			imap.CapUIDPlus:      {},
			imap.CapListExtended: {},
			imap.CapListStatus:   {},
			imap.CapStatusSize:   {},
			imap.CapChildren:     {},
			imap.CapSpecialUse:   {},
		},
		// The encryption is our own work, so the library sees clear text; without this
		// it would offer LOGINDISABLED, which is what NoAuth wants.
		InsecureAuth: !s.fault.NoAuth,
		Logger:       log.New(io.Discard, "", 0),
	})
	_ = library.Serve(only) // always the end of only
	<-ended
}

func (m *mailbox) Close() error {
	defer close(m.ended)
	return m.UserSession.Close()
}

func (m *mailbox) Login(name, password string) error {
	if err := m.server.login(name, password); err != nil {
		return err.imap()
	}
	m.UserSession = imapmemserver.NewUserSession(m.server.mail[name])
	return nil
}

func (m *mailbox) Namespace() (*imap.NamespaceData, error) {
	store := m.server.store
	spaces := &imap.NamespaceData{
		Personal: []imap.NamespaceDescriptor{{Prefix: store.Prefix, Delim: store.Separator}},
	}
	if store.Others != "" {
		spaces.Other = []imap.NamespaceDescriptor{{Prefix: store.Others, Delim: store.Separator}}
	}
	return spaces, nil
}

func (m *mailbox) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	data, err := m.UserSession.Status(name, options)
	if err != nil {
		return nil, err
	}
	// imapserver needs a value for every item that was asked for.
	data.DeletedStorage = new(int64)
	return data, nil
}

func (m *mailbox) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	store := m.server.store
	if len(patterns) == 0 {
		// RFC 9051 section 6.3.9: an empty pattern asks for the separator alone.
		return w.WriteList(&imap.ListData{
			Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: store.Separator,
		})
	}
	parents := store.parents()
	for _, f := range store.Folders {
		if !store.matches(f, ref, patterns) || options.SelectSpecialUse && len(f.Attributes) == 0 {
			continue
		}
		row := imap.ListData{Mailbox: f.Name, Delim: store.Separator, Attrs: attributes(f, parents[f.Name], options)}
		if options.ReturnStatus != nil {
			status, err := m.Status(f.Name, options.ReturnStatus)
			if err != nil {
				return err
			}
			row.Status = status
		}
		if err := w.WriteList(&row); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) matches(f Folder, ref string, patterns []string) bool {
	for _, pattern := range patterns {
		if imapserver.MatchList(f.Name, s.Separator, ref, pattern) {
			return true
		}
	}
	return false
}

// parents are the names below which a folder stands. They are collected once for a list: to
// look for them folder by folder takes a time with the square of the folders.
func (s Store) parents() map[string]bool {
	found := map[string]bool{}
	for _, f := range s.Folders {
		name := f.Name
		for at := strings.LastIndex(name, string(s.Separator)); at >= 0 && s.Separator != 0; at = strings.LastIndex(name, string(s.Separator)) {
			name = name[:at]
			found[name] = true
		}
	}
	return found
}

func attributes(f Folder, parent bool, options *imap.ListOptions) []imap.MailboxAttr {
	attributes := []imap.MailboxAttr{imap.MailboxAttrHasNoChildren}
	if parent {
		attributes[0] = imap.MailboxAttrHasChildren
	}
	if (options.ReturnSubscribed || options.SelectSubscribed) && !f.Unsubscribed {
		attributes = append(attributes, imap.MailboxAttrSubscribed)
	}
	return append(attributes, f.Attributes...)
}
