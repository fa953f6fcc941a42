package org.openlockbox.gateway.session;

import java.util.Collection;
import java.util.Optional;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;

/// The body of a `statement` entry in canonical JSON. Built by hand, because this runs once per
/// statement; every word in it is of a kind that needs no escape.
final class StatementBody {
  private final StringBuilder json = new StringBuilder(256).append('{');

  private StatementBody() {}

  static Bytes of(
      SessionId session,
      long number,
      String kind,
      String text,
      Optional<String> parameters,
      StatementFacts facts) {
    var body = new StatementBody();
    body.name("class").list(facts.classes());
    if (facts.columns() > 0) {
      body.name("columns").json.append(facts.columns());
    }
    body.name("kind").word(kind);
    body.name("n").json.append(number);
    parameters.ifPresent(values -> body.name("parameters").word(values));
    facts.refused().ifPresent(why -> body.name("refused").word(why));
    body.name("session").word(session.value());
    body.tables(facts);
    body.name("text").word(text);
    return Bytes.ofUtf8(body.json.append('}').toString());
  }

  private void tables(StatementFacts facts) {
    if (facts.others() == 0 && facts.reads().isEmpty() && facts.writes().isEmpty()) {
      return;
    }
    name("tables").json.append('{');
    if (facts.others() > 0) {
      name("others").json.append(facts.others());
    }
    if (!facts.reads().isEmpty()) {
      name("reads").list(facts.reads());
    }
    if (!facts.writes().isEmpty()) {
      name("writes").list(facts.writes());
    }
    json.append('}');
  }

  private StatementBody name(String name) {
    if (json.charAt(json.length() - 1) != '{') {
      json.append(',');
    }
    json.append('"').append(name).append("\":");
    return this;
  }

  private void word(String word) {
    json.append('"').append(word).append('"');
  }

  private void list(Collection<String> words) {
    json.append('[');
    for (String word : words) {
      if (json.charAt(json.length() - 1) != '[') {
        json.append(',');
      }
      word(word);
    }
    json.append(']');
  }
}
