package evidence

import "testing"

// TestRole knows folders by their names in many languages, and others are none of these.
func TestRole(t *testing.T) {
	for role, names := range map[Role][]string{
		Sent: {"Sent", "Gesendet", "Messages envoyés", "Elementos enviados", "Itens enviados", "Posta inviata", "Verzonden items", "Sendte elementer", "Skickat",
			"Lähetetyt", "Wysłane", "Odeslaná pošta", "Elküldött elemek", "Отправленные", "Надіслані", "Απεσταλμένα", "Gönderilmiş Öğeler", "已发送邮件", "送信済みアイテム", "보낸편지함"},
		Drafts: {"Drafts", "Entwürfe", "Brouillons", "Borradores", "Rascunhos", "Bozze", "Concepten", "Utkast", "Kladder", "Luonnokset", "Szkice", "Koncepty", "Piszkozatok",
			"Черновики", "Чернетки", "Πρόχειρα", "Taslaklar", "草稿箱", "下書き", "임시보관함"},
		Trash: {"Trash", "Papierkorb", "Corbeille", "Papelera", "Lixeira", "Cestino", "Prullenbak", "Slettet", "Papperskorgen", "Roskakori", "Kosz", "Koš", "Lomtár",
			"Корзина", "Кошик", "Κάδος", "Çöp Kutusu", "已删除邮件", "ごみ箱", "휴지통"},
		"": {"INBOX", "Outbox", "Archive", "Junk", "Spam", "Resent", "Sent to Bob", "Draftsman", "Templates", "送信トレイ", "Postausgang"},
	} {
		for _, name := range names {
			for _, f := range []Folder{{Name: name, Delimiter: "/"}, {Name: "INBOX." + name, Delimiter: "."}} {
				for _, r := range []Role{Sent, Drafts, Trash} {
					if got := f.Is(r); got != (r == role) {
						t.Errorf("%s is %s: got %t", f.Name, r, got)
					}
				}
			}
		}
	}
}
