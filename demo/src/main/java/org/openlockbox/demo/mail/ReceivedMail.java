package org.openlockbox.demo.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.TextRules;

/// One message that the demo's mail server took, read: whom it came to, and what a mail program
/// would show of it. `id` numbers the messages in the order in which they came.
record ReceivedMail(
    String id,
    String to,
    String from,
    String subject,
    Optional<Instant> at,
    String text,
    Optional<String> html) {
  private static final Session NO_SERVER = Session.getInstance(new Properties());

  /// Reads a file of the [MailSink]; what is no message shows as its source.
  static ReceivedMail read(Mailbox.MailFile slot) throws IOException {
    try (var in = Files.newInputStream(slot.file())) {
      var message = new MimeMessage(NO_SERVER, in);
      return new ReceivedMail(
          slot.id(),
          slot.to(),
          line(message.getHeader("From", ", ")),
          line(message.getSubject()),
          Optional.ofNullable(message.getSentDate()).map(Date::toInstant),
          shown(part(message, "text/plain").orElse("")),
          part(message, "text/html"));
    } catch (MessagingException e) {
      return new ReceivedMail(
          slot.id(),
          slot.to(),
          "",
          "(unreadable)",
          Optional.empty(),
          shown(Files.readString(slot.file(), StandardCharsets.ISO_8859_1)),
          Optional.empty());
    }
  }

  private static String line(@Nullable String header) {
    return TextRules.shown(Objects.requireNonNullElse(header, ""));
  }

  private static String shown(String text) {
    return TextRules.visible(text.replace("\r\n", "\n"));
  }

  private static Optional<String> part(Part part, String type)
      throws MessagingException, IOException {
    if (part.isMimeType(type) && part.getContent() instanceof String text) {
      return Optional.of(text);
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        var found = part(parts.getBodyPart(i), type);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  Json.Object toJson() {
    var json =
        Json.object()
            .put("id", id)
            .put("to", to)
            .put("from", from)
            .put("subject", subject)
            .put("text", text);
    at.ifPresent(when -> json.put("at", when));
    html.ifPresent(source -> json.put("html", shown(source)));
    return json.build();
  }
}
