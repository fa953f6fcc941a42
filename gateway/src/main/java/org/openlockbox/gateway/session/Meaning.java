package org.openlockbox.gateway.session;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.gateway.session.Judging.Judged;

/// What a name of the extended protocol stands for: a text, and what was said about it when it came
/// and was passed on. It is not read again when it is executed, so no record says otherwise.
///
/// @param renames whether the text could make or drop names by itself
/// @param shortValues whether the values of its parameters have to be short
record Meaning(Bytes text, StatementFacts facts, boolean renames, boolean shortValues) {
  /// @param typed whether a parameter is declared as something that has to be short
  static Meaning of(Bytes text, Judged said, boolean typed) {
    var judgement = said.judgement();
    return new Meaning(
        text, judgement.facts(), said.renames(), typed || judgement.shortValues());
  }

  /// That of a name which no message of the protocol has made. The text of the SQL that made it is
  /// in the record already.
  static Meaning madeInSql(String what, String name) {
    Bytes text = Bytes.ofUtf8("-- " + what + " \"" + name + "\", made by an earlier statement");
    return new Meaning(text, Judging.MADE_IN_SQL.facts(), Judging.renames(text), false);
  }
}
