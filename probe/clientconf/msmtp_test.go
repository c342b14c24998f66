package clientconf

import (
	"testing"

	"mailmedic/probe/evidence"
	"mailmedic/probe/profile"
)

func TestMsmtp(t *testing.T) {
	msmtpOf := func(name, address string, s *evidence.ClientServer, missed ...string) evidence.Client {
		return evidence.Client{Program: "msmtp", File: "~/.msmtprc", Account: name, Address: address, Sending: s, Missed: missed}
	}
	runReader(t, msmtp, here(".msmtprc"), []readerTest{
		{"defaults, two accounts and which is used", `# Set default values for all following accounts.
defaults
auth           on
tls            on
tls_trust_file /etc/ssl/certs/ca-certificates.crt

account work
host mail.example.com
port 587
from "anna@example.com"
user anna@example.com
passwordeval "gpg -dq ~/.pw"

account private : work
tls_starttls off
port 465
from bert@example.com
auth plain

account default : work
`, "", []evidence.Client{
			msmtpOf("work", "anna@example.com", &evidence.ClientServer{Host: "mail.example.com", Port: 587, Encryption: profile.STARTTLS, Login: "anna@example.com", Stored: true}),
			msmtpOf("private", "bert@example.com", &evidence.ClientServer{Host: "mail.example.com", Port: 465, Encryption: profile.TLS, Login: "anna@example.com", Auth: evidence.AuthPassword, Stored: true})}},
		{"nothing but a host", "account default\nhost mail.example.com\n", "", []evidence.Client{
			msmtpOf("default", "", &evidence.ClientServer{Host: "mail.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthNone})}},
		{"TLS from the first byte", "account a\nhost mail.example.com\ntls\ntls_starttls off\nauth xoauth2\n", "", []evidence.Client{
			msmtpOf("a", "", &evidence.ClientServer{Host: "mail.example.com", Port: 465, Encryption: profile.TLS, Auth: evidence.AuthOAuth})}},
		{"certificates are not looked at", "account a\nhost mail.example.com\ntls on\ntls_certcheck off\n", "", []evidence.Client{
			msmtpOf("a", "", &evidence.ClientServer{Host: "mail.example.com", Port: 25, Encryption: profile.STARTTLS, Unverified: true, Auth: evidence.AuthNone})}},
		{"no certificate to look at", "account a\nhost mail.example.com\ntls off\ntls_certcheck off\nauth off\n", "", []evidence.Client{
			msmtpOf("a", "", &evidence.ClientServer{Host: "mail.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthNone})}},
		{"settings made by a program", "account a\nhost mail.example.com\neval echo port 587\nauth\npassword\n", "", []evidence.Client{
			msmtpOf("a", "", &evidence.ClientServer{Host: "mail.example.com", Port: 25, Encryption: profile.None}, "line 3 is an eval command, which is not run")}},
		{"nothing that goes out by SMTP", "account a\nprotocol lmtp\nhost /var/run/lmtp\n\naccount b\nhost mail.example.com\nproxy_host 127.0.0.1\nauth scram-sha-1\nfrom *@example.com\n", "", []evidence.Client{
			msmtpOf("a", "", nil, "it delivers by LMTP, which is not looked at"),
			msmtpOf("b", "", &evidence.ClientServer{Host: "mail.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthEncrypted}, "it connects through a proxy, which is not used here")}},
		{"a default of its own", "account a\nhost a.example.com\n\naccount default : a\nhost b.example.com\n", "", []evidence.Client{
			msmtpOf("a", "", &evidence.ClientServer{Host: "a.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthNone}),
			msmtpOf("default", "", &evidence.ClientServer{Host: "b.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthNone})}},
		{"broken", "host x.example.com\naccount b : a\nhost mail.example.com\nport 70000\n", "line 2: this account inherits from one that is not defined above it; line 4: the port is not a number from 1 to 65535", []evidence.Client{
			msmtpOf("default", "", &evidence.ClientServer{Host: "x.example.com", Port: 25, Encryption: profile.None, Auth: evidence.AuthNone}),
			msmtpOf("b", "", &evidence.ClientServer{Host: "mail.example.com", Encryption: profile.None, Auth: evidence.AuthNone})}},
		{"no account", "# nothing\ndefaults\ntls on\n", "", nil},
	})
}
