package program

import "mailmedic/checks/say"

// Title is what a person calls the setting, whatever the program.
func (f Field) Title() say.Text {
	switch f {
	case ReceivingHost:
		return "server for receiving"
	case ReceivingPort:
		return "port for receiving"
	case ReceivingEncryption:
		return "encryption for receiving"
	case ReceivingLogin:
		return "login name for receiving"
	case ReceivingAuth:
		return "login method for receiving"
	case SendingHost:
		return "server for sending"
	case SendingPort:
		return "port for sending"
	case SendingEncryption:
		return "encryption for sending"
	case SendingLogin:
		return "login name for sending"
	case SendingAuth:
		return "login method for sending"
	case RootPath:
		return "root folder path"
	case SentPath:
		return "Sent path"
	case DraftsPath:
		return "Drafts path"
	case CheckInterval:
		return "time between checks"
	case SyncsAll:
		return "choice of folders to synchronise"
	case Searches:
		return "search"
	case Connections:
		return "connections kept open"
	case Verification:
		return "verification of certificates"
	}
	return say.Verbatim(string(f))
}
