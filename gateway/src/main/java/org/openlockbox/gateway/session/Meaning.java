package org.openlockbox.gateway.session;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.gateway.session.Judging.Judged;

/// What a name of the extended protocol stands for: a text, and what was said about it when it came
/// and was passed on. It is not read again when it is executed, so no record says otherwise.
///
/// @param renames whether the text could make or drop names by itself
record Meaning(Bytes text, StatementFacts facts, boolean renames) {
  static Meaning of(Bytes text, Judged said) {
    return new Meaning(text, said.judgement().facts(), said.renames());
  }

  /// That of a name which no message of the protocol has made. The text of the SQL that made it is
  /// in the record already.
  static Meaning madeInSql(String what, String name) {
    Bytes text = Bytes.ofUtf8("-- " + what + " \"" + name + "\", made by an earlier statement");
    return new Meaning(text, Judging.MADE_IN_SQL.facts(), Judging.renames(text));
  }
}
