package evidence

// roleNamed tells what a folder is for by its name in lower case, in the words of
// Thunderbird, Outlook, Apple Mail, Exchange and the Webmail programs, language by language.
// A word that means a role in one language and another thing in a second is left out.
func roleNamed(name string) Role {
	switch name {
	case "sent", "sent items", "sent messages", "sent mail", "sent-mail", "sent_mail", "sent objects", "sentmail", "outbox sent", // English
		"gesendet", "gesendete objekte", "gesendete elemente", "gesendete nachrichten", "gesendete", // German
		"envoyés", "messages envoyés", "éléments envoyés", "courrier envoyé", // French
		"enviados", "elementos enviados", "mensajes enviados", "correo enviado", // Spanish
		"itens enviados", "mensagens enviadas", "enviadas", "enviada", // Portuguese
		"elements enviats", "enviats", // Catalan
		"inviata", "posta inviata", "inviati", "messaggi inviati", // Italian
		"verzonden", "verzonden items", "verzonden berichten", // Dutch
		"sendt", "sendte elementer", "sendte meldinger", "sendt post", "sende elementer", // Norwegian
		"sendte meddelelser", "sendte mails", // Danish
		"skickat", "skickade", "skickade objekt", "skickade meddelanden", // Swedish
		"lähetetyt", "lähetetyt viestit", // Finnish
		"sent póstur", "send skeyti", "sendir hlutir", // Icelandic
		"wysłane", "elementy wysłane", "wysłana poczta", // Polish
		"odeslané", "odeslaná pošta", "odeslané zprávy", // Czech
		"odoslané", "odoslaná pošta", // Slovak
		"elküldött", "elküldött elemek", "elküldött üzenetek", // Hungarian
		"poslano", "poslana pošta", "poslani elementi", "poslane stavke", "poslana sporočila", // Slovene, Croatian
		"trimise", "elemente trimise", "mesaje trimise", // Romanian
		"отправленные", "исходящие отправленные", // Russian
		"надіслані", "відправлені", // Ukrainian
		"изпратени", "изпратени съобщения", // Bulgarian
		"послато", "послате ставке", // Serbian
		"saadetud", "saadetud kirjad", // Estonian
		"nosūtītie", "nosūtītās", // Latvian
		"išsiųsti", "išsiųstieji", "išsiųsti laiškai", // Lithuanian
		"απεσταλμένα", "σταλμένα", // Greek
		"gönderilmiş", "gönderilmiş öğeler", "gönderilenler", // Turkish
		"פריטים שנשלחו", "נשלחו", // Hebrew
		"العناصر المرسلة", "البريد المرسل", "المرسلة", // Arabic
		"đã gửi", "thư đã gửi", // Vietnamese
		"已发送", "已发送邮件", "已傳送", "寄件備份", "已寄出", // Chinese
		"送信済み", "送信済みアイテム", "送信済みメール", "送信済みトレイ", // Japanese
		"보낸 편지함", "보낸편지함", "보낸 메일함": // Korean
		return Sent
	case "drafts", "draft", "draft messages", // English
		"entwürfe", "entwurf", // German
		"brouillons", "brouillon", // French
		"borradores", "borrador", // Spanish
		"rascunhos", "rascunho", // Portuguese
		"esborranys",      // Catalan
		"bozze",           // Italian
		"concepten",       // Dutch
		"kladd", "utkast", // Norwegian, Swedish
		"kladder", "udkast", // Danish
		"luonnokset",                                // Finnish
		"drög",                                      // Icelandic
		"szkice", "kopie robocze", "wersje robocze", // Polish
		"koncepty", "rozepsané", // Czech, Slovak
		"piszkozatok",                // Hungarian
		"osnutki", "skice", "nacrti", // Slovene, Croatian
		"ciorne", "schițe", // Romanian
		"черновики",          // Russian
		"чернетки",           // Ukrainian
		"чернови",            // Bulgarian
		"нацрти",             // Serbian
		"mustandid",          // Estonian
		"melnraksti",         // Latvian
		"juodraščiai",        // Lithuanian
		"πρόχειρα",           // Greek
		"taslaklar",          // Turkish
		"טיוטות",             // Hebrew
		"المسودات", "مسودات", // Arabic
		"thư nháp", "bản nháp", // Vietnamese
		"草稿", "草稿箱", "草稿匣", // Chinese
		"下書き",             // Japanese
		"임시 보관함", "임시보관함": // Korean
		return Drafts
	case "trash", "deleted items", "deleted messages", "deleted", "bin", // English
		"papierkorb", "gelöschte elemente", "gelöschte objekte", "gelöscht", // German
		"corbeille", "éléments supprimés", "messages supprimés", // French
		"papelera", "elementos eliminados", // Spanish
		"lixo", "lixeira", "itens excluídos", "itens eliminados", // Portuguese
		"paperera", "elements suprimits", // Catalan
		"cestino", "posta eliminata", // Italian
		"prullenbak", "prullenmand", "verwijderde items", // Dutch
		"søppel", "papirkurv", "slettede elementer", "slettet", "slettet post", // Norwegian, Danish
		"papperskorgen", "borttaget", "borttagna objekt", // Swedish
		"roskakori", "poistetut", // Finnish
		"rusl", "eytt atriði", // Icelandic
		"kosz", "elementy usunięte", // Polish
		"koš", "odstraněná pošta", "kôš", "odstránené", // Czech, Slovak
		"kuka", "lomtár", "törölt elemek", // Hungarian
		"izbrisano", "smeće", "smeti", // Slovene, Croatian
		"coș de gunoi", "elemente șterse", // Romanian
		"корзина", "удаленные", "удалённые", // Russian
		"кошик", "видалені", // Ukrainian
		"кошче", "изтрити", // Bulgarian
		"отпад", "смеће", // Serbian
		"prügikast", "kustutatud", // Estonian
		"miskaste", "atkritne", // Latvian
		"šiukšlinė", "šiukšlės", // Lithuanian
		"κάδος", "απορρίμματα", "διαγραμμένα", // Greek
		"çöp", "çöp kutusu", "silinmiş öğeler", // Turkish
		"אשפה", "פריטים שנמחקו", // Hebrew
		"المهملات", "العناصر المحذوفة", // Arabic
		"thùng rác",                              // Vietnamese
		"已删除", "已删除邮件", "垃圾桶", "刪除的郵件", "已刪除的郵件", // Chinese
		"ごみ箱", "ゴミ箱", "削除済みアイテム", // Japanese
		"휴지통", "지운 편지함": // Korean
		return Trash
	}
	return ""
}
