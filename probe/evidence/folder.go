package evidence

import (
	"slices"
	"strings"
)

// Role is what a folder is for, RFC 6154.
type Role string

// The roles that the checks ask about.
const (
	Sent   Role = "Sent"
	Drafts Role = "Drafts"
	Trash  Role = "Trash"
)

// Selectable tells whether the folder can hold messages.
func (f Folder) Selectable() bool {
	return !f.has(`\Noselect`) && !f.has(`\NonExistent`)
}

// Special tells whether the server itself marks the folder with the role.
func (f Folder) Special(r Role) bool { return f.has(`\` + string(r)) }

// Is tells whether the folder plays the role: by the server's mark, or by its last
// name in one of the languages that clients use.
func (f Folder) Is(r Role) bool {
	return f.Special(r) || slices.Contains(names(r), strings.ToLower(f.Leaf()))
}

// Leaf is the name behind the last delimiter.
func (f Folder) Leaf() string {
	at := strings.LastIndex(f.Name, f.Delimiter)
	if f.Delimiter == "" || at < 0 {
		return f.Name
	}
	return f.Name[at+len(f.Delimiter):]
}

func (f Folder) has(attribute string) bool {
	return slices.ContainsFunc(f.Attributes, func(a string) bool { return strings.EqualFold(a, attribute) })
}

// names lists what clients call a folder of the role, lower case.
func names(r Role) []string {
	switch r {
	case Sent:
		return []string{"sent", "sent items", "sent messages", "sent mail", "sent-mail", "sent_mail", "gesendete nachrichten", "itens enviados", "mensagens enviadas", "enviada", "odeslané", "odeslaná pošta", "elküldött", "elküldött elemek", "sendte meddelelser", "saadetud", "išsiųsti", "trimise", "απεσταλμένα", "已发送", "已发送邮件", "送信済み", "送信済みアイテム", "보낸 편지함", "gesendet", "gesendete objekte", "gesendete elemente",
			"envoyés", "messages envoyés", "éléments envoyés", "enviados", "elementos enviados", "inviata", "posta inviata",
			"verzonden", "verzonden items", "sendt", "sendte elementer", "sendte meldinger", "skickat", "skickade", "lähetetyt", "wysłane", "отправленные"}
	case Drafts:
		return []string{"drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten", "kladder", "kladd", "utkast", "luonnokset", "rascunhos", "szkice", "черновики"}
	case Trash:
		return []string{"trash", "deleted items", "deleted messages", "papierkorb", "gelöschte elemente", "gelöschte objekte", "slettede elementer", "slettet", "borttaget", "éléments supprimés", "elementos eliminados", "posta eliminata", "verwijderde items", "удаленные", "corbeille", "papelera", "cestino", "prullenbak", "papirkurv", "søppel", "papperskorgen", "roskakori"}
	}
	return nil
}
