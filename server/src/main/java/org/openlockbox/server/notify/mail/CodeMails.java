package org.openlockbox.server.notify.mail;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.MailText;
import org.openlockbox.server.notify.message.NoticeKind;

/// The mail with a one-time code for signing in. Its subject does not show the code, because
/// subjects stand on locked screens, and it has no link, because nothing that is only followed may
/// sign anybody in.
public final class CodeMails {
  private static final int HALF = 4;

  private final Notices notices;

  public CodeMails(Notices notices) {
    this.notices = notices;
  }

  /// Sends the code; `attempt` tells one from the next. Whoever chose no language reads that of the
  /// browser which asked.
  public void send(String address, Locale ofBrowser, String code, long attempt) {
    var shown = code.substring(0, HALF) + " " + code.substring(HALF);
    MailText letter =
        words ->
            new MailMessage(
                "sign-in",
                Long.toString(attempt),
                "[Lockbox] " + words.say("code.subject"),
                List.of(new MailMessage.MailField.PlainField(words.say("fact.code"), shown)),
                List.of(words.say("code.closing"), words.say("code.ignore")),
                Optional.empty());
    notices.toPerson(Optional.empty(), address, ofBrowser, NoticeKind.SIGN_IN, letter);
  }
}
