package checks

// All lists every check, in the order of the report: as a connection meets them.
func All() []Check {
	return []Check{
		internalError, stoppedByUser, deadlineReached,
		nameFormWrong, nameHiddenCharacters, nameOtherProvider, namesDiffer,
		nameNotFound, resolverSilent, resolverFailure, malformedHost, slowLookup,
		portSilent, portClosed, deadAddress, slowLink,
		otherService, serverBusy, wrongEncryption, noGreeting, slowGreeting,
		greetingRefused, addressBlocklisted, preauthInClear, closedBeforeGreeting, conversationBroken,
		interceptedTrusted, certificateRevoked, clientCertificate, tlsTooOld, oldKeyExchange, certificateDiffers,
		certificateExpired, certificateOtherName, noEncryptionOffered, certificateEndsSoon,
		certificateNotYetValid, certificateSelfSigned, missingIntermediate, unknownAuthority,
		weakCertificate, startTLSInjection, handshakeFailed,
		loginRejected, tooManyTries, loginNeedsEncryption, appPasswordNeeded, accountClosed,
		sendingRefusedOnly, loginNotOffered, loginServiceDown, tooManyConnections,
		receivingRefusedOnly, mechanismMismatch, loginUnanswered, overQuota, loginsWithheld,
		prefixDoubled, sentMissing, rootPathWrong, twoFolders, draftsUnsupported, foldersUnreadable,
		manyFolders, notSubscribed, folderNameEncoding, serversDiffer,
		senderRefused, recipientRefused, loginNotRequired,
		importedShown, apostropheInSubject, thunderbirdTimestamp, newServerAvailable,
		outlookSentItems, outlookDeleteFolders, appleMailLoad,
		settingsDiffer, checksTooOften, synchronisesEverything,
	}
}
