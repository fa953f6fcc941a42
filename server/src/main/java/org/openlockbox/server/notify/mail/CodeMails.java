package org.openlockbox.server.notify.mail;

import java.util.List;
import java.util.Optional;
import org.openlockbox.server.notify.Notices;
import org.openlockbox.server.notify.message.MailMessage;
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

  /// Sends the code; `attempt` tells one from the next.
  public void send(String address, String code, long attempt) {
    var shown = code.substring(0, HALF) + " " + code.substring(HALF);
    var letter =
        new MailMessage(
            "sign-in",
            Long.toString(attempt),
            "[Lockbox] Your sign-in code",
            List.of(new MailMessage.MailField.PlainField("Code", shown)),
            List.of(
                "Type it into the page that asked for it, within 10 minutes. It works in that"
                    + " browser alone, and only lets you look: whatever you decide there still"
                    + " needs your key.",
                "If you did not ask for it, ignore this mail. Nobody of ours will ever ask you for"
                    + " it."),
            Optional.empty());
    notices.toPerson(Optional.empty(), address, NoticeKind.SIGN_IN, letter);
  }
}
