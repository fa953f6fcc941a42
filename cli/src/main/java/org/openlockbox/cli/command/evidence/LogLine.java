package org.openlockbox.cli.command.evidence;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.command.Requests;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.bundle.StoryText;
import org.openlockbox.core.canonical.Bytes;

/// The gist of a log entry for one line of `lockbox log`: for reading along, not for proof. What
/// people wrote stands in quotation marks, unless it is a single word.
final class LogLine {
  private static final List<String> TELLING =
      List.of(
          "request",
          "session",
          "engineer",
          "level",
          "verdict",
          "reason",
          "by",
          "n",
          "status",
          "units",
          "changed",
          "policy",
          "rule",
          "protocol",
          "operations");

  private LogLine() {}

  static String summary(ApiObject entry, String text) {
    ApiObject body = body(entry);
    List<String> words = new ArrayList<>();
    ApiObject asked = body.object("request");
    if (asked.has("id")) {
      words.add(word(asked.text("id")));
      words.add(word(asked.object("engineer").text("id")));
      words.add(word(asked.text("level")));
      words.add(word(asked.text("ticket")));
      words.removeIf(String::isEmpty);
    }
    if (body.has("envelope")) {
      signed(body.object("envelope"), words);
    }
    for (String name : TELLING) {
      String value = word(body.text(name));
      if (!value.isEmpty()) {
        words.add(name.equals("request") || name.equals("session") ? value : name + "=" + value);
      }
    }
    if (!text.isEmpty()) {
      words.add(text);
    }
    return Terminal.clean(String.join(" ", words));
  }

  private static void signed(ApiObject envelope, List<String> words) {
    try {
      ApiObject payload = ApiObject.parse(Bytes.ofBase64(envelope.text("payload")).toArray());
      words.add(word(payload.object("request").text("id")));
      words.add(word(payload.text("decision")));
      words.add(word(payload.text("ticket")));
      words.add(Requests.suffix("mode=", word(payload.object("policy").text("mode"))));
      words.add(Requests.suffix("by ", word(payload.text("approver"))));
      words.add(Requests.suffix("reason=", word(payload.text("reason"))));
      words.add(Requests.suffix("level=", word(payload.object("grant").text("level"))));
      words.removeIf(String::isEmpty);
    } catch (IllegalArgumentException malformed) {
      words.add("(unreadable)");
    }
  }

  private static String word(String text) {
    return text.isEmpty() ? "" : StoryText.word(text);
  }

  private static ApiObject body(ApiObject entry) {
    try {
      return ApiObject.parse(Bytes.ofBase64(entry.text("entry")).toArray()).object("body");
    } catch (IllegalArgumentException malformed) {
      return entry;
    }
  }
}
