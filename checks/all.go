package checks

// All lists every check, in the order of the report: as a connection meets them.
func All() []Check {
	return []Check{
		internalError, stoppedByUser, deadlineReached,
		nameFormWrong, nameHiddenCharacters, nameOtherProvider,
		nameNotFound, resolverSilent, resolverFailure, malformedHost,
		portSilent, portClosed, deadAddress,
		otherService, serverBusy, wrongEncryption, noGreeting, slowGreeting,
		greetingRefused, preauthInClear, closedBeforeGreeting, conversationBroken,
		certificateExpired, certificateOtherName, noEncryptionOffered, certificateEndsSoon,
		certificateNotYetValid, certificateSelfSigned, missingIntermediate, unknownAuthority,
		weakCertificate, startTLSInjection, handshakeFailed,
		loginRejected, tooManyTries, loginNeedsEncryption, appPasswordNeeded, accountClosed,
		sendingRefusedOnly, loginNotOffered, loginServiceDown, tooManyConnections,
		receivingRefusedOnly, mechanismMismatch, loginUnanswered,
		prefixDoubled, sentMissing, rootPathWrong, twoFolders, draftsUnsupported, foldersUnreadable,
		senderRefused, recipientRefused,
		importedShown, apostropheInSubject, thunderbirdTimestamp, newServerAvailable,
		outlookSentItems, outlookDeleteFolders, appleMailLoad,
	}
}
