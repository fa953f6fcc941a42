package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.List;
import java.util.Properties;
import org.openlockbox.node.config.NodeConfig.MailSettings;

/// The mail server takes a login. No mail is sent.
record MailProbe(MailSettings mail) implements Probe {
  private static final String TIMEOUT_MS = "5000";

  @Override
  public List<HostFinding> look() {
    var properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MS);
    properties.setProperty("mail.smtp.timeout", TIMEOUT_MS);
    properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(mail.startTls()));
    properties.setProperty("mail.smtp.starttls.required", Boolean.toString(mail.startTls()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    String at = mail.host() + ":" + mail.port();
    try (var transport = Session.getInstance(properties).getTransport("smtp")) {
      transport.connect(
          mail.host(),
          mail.port(),
          mail.user().orElse(null),
          mail.password().map(secret -> secret.get()).orElse(null));
      return List.of(ok("mail", at + " takes our mail."));
    } catch (MessagingException e) {
      return List.of(
          broken(
              "mail",
              "%s does not take our mail: %s".formatted(at, String.valueOf(e.getMessage()).strip()),
              "Look at server.mail; until then notices wait."));
    }
  }
}
