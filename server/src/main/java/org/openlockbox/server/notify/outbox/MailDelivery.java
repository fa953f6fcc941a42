package org.openlockbox.server.notify.outbox;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.openlockbox.server.trace.ServerSpan;
import org.openlockbox.server.trace.ServerTraces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what is in the [Outbox] by SMTP. Headers as automatic mail should have them: RFC 3834
/// `Auto-Submitted`, one `List-Id` a tenant (RFC 2919), and threads by `References`.
public final class MailDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(MailDelivery.class);
  private static final Duration PATIENCE = Duration.ofDays(5);
  private static final String TIMEOUT_MS = "10000";

  private final Outbox outbox;
  private final Smtp smtp;
  private final InstantSource clock;
  private final String host;
  private final Session session;
  private final ServerTraces traces;

  public MailDelivery(
      Outbox outbox, Smtp smtp, String host, InstantSource clock, ServerTraces traces) {
    this.traces = traces;
    this.outbox = outbox;
    this.smtp = smtp;
    this.host = host.replaceAll(":.*", "");
    this.clock = clock;
    this.session = session(smtp);
  }

  private static Session session(Smtp smtp) {
    var properties = new Properties();
    properties.put("mail.smtp.host", smtp.host());
    properties.put("mail.smtp.port", Integer.toString(smtp.port()));
    properties.put("mail.smtp.connectiontimeout", TIMEOUT_MS);
    properties.put("mail.smtp.timeout", TIMEOUT_MS);
    properties.put("mail.smtp.writetimeout", TIMEOUT_MS);
    properties.put("mail.smtp.starttls.enable", Boolean.toString(smtp.startTls()));
    properties.put("mail.smtp.starttls.required", Boolean.toString(smtp.startTls()));
    properties.put("mail.smtp.auth", Boolean.toString(smtp.user().isPresent()));
    return Session.getInstance(
        properties,
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(smtp.user().orElse(""), smtp.password().get());
          }
        });
  }

  /// Sends all that is due.
  public void deliver() {
    var due = outbox.claim(Outbox.DeliveryChannel.MAIL, Integer.MAX_VALUE);
    while (due.isPresent()) {
      deliver(due.get());
      due =
          Thread.currentThread().isInterrupted()
              ? Optional.empty()
              : outbox.claim(Outbox.DeliveryChannel.MAIL, Integer.MAX_VALUE);
    }
  }

  private void deliver(Outbox.OutboxRow due) {
    try (var delivery = traces.mail(due.attempts())) {
      send(due, delivery);
    }
  }

  private void send(Outbox.OutboxRow due, ServerSpan delivery) {
    try {
      Transport.send(message(due));
      outbox.sent(due, "taken by %s:%d".formatted(smtp.host(), smtp.port()));
    } catch (MessagingException e) {
      delivery.failed();
      LOG.warn(
          "mail {} to {}:{} waits: {}",
          due.header().messageId(),
          smtp.host(),
          smtp.port(),
          e.toString());
      outbox.failed(due, why(e), again(due));
    }
  }

  /// Why it was not taken, for people: what the mail server answered, or why it could not be talked
  /// to.
  private String why(MessagingException failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    var line = DeliveryFault.words(failed);
    return root instanceof IOException
        ? "no connection to %s:%d: %s".formatted(smtp.host(), smtp.port(), line)
        : line;
  }

  /// 5 s, 10 s, 20 s, … at most an hour, for five days; then a person has to look.
  private Optional<Duration> again(Outbox.OutboxRow due) {
    var wait = Duration.ofSeconds(Math.min(3600, 5L << Math.min(10, due.attempts() - 1)));
    return clock.instant().isBefore(due.header().created().plus(PATIENCE))
        ? Optional.of(wait)
        : Optional.empty();
  }

  private MimeMessage message(Outbox.OutboxRow due) throws MessagingException {
    var message = new StableMessage(session, due.header().messageId());
    message.setFrom(new InternetAddress(smtp.from()));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(due.header().recipient()));
    message.setSubject(due.content().subject(), "UTF-8");
    message.setSentDate(Date.from(clock.instant()));
    message.setHeader("In-Reply-To", due.header().threadId());
    message.setHeader("References", due.header().threadId());
    if (!due.tenant().isEmpty()) {
      message.setHeader(
          "List-Id", "Lockbox %s <%s.%s>".formatted(due.tenant(), due.tenant(), host));
    }
    if (due.header().urgent()) {
      message.setHeader("Importance", "high");
    }
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setHeader("X-Auto-Response-Suppress", "All");
    message.setHeader("X-Entity-Ref-ID", due.header().messageId());
    var parts = new MimeMultipart("alternative");
    parts.addBodyPart(part(due.content().text(), "plain"));
    parts.addBodyPart(part(due.content().html(), "html"));
    message.setContent(parts);
    message.saveChanges();
    return message;
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    var part = new MimeBodyPart();
    part.setText(text, "UTF-8", subtype);
    return part;
  }

  /// Keeps the Message-ID it was given, however often it is sent.
  private static final class StableMessage extends MimeMessage {
    private final String id;

    StableMessage(Session session, String id) {
      super(session);
      this.id = Objects.requireNonNull(id);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
