package org.openlockbox.server.notify.message;

/// A mail before it is known in which language it is read. In every language it is the same step of
/// the same thread.
@FunctionalInterface
public interface MailText {
  MailMessage in(MailWords words);
}
