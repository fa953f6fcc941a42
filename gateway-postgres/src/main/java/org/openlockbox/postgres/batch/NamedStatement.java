package org.openlockbox.postgres.batch;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.postgres.batch.AsyncFilter.FilteredText;
import org.openlockbox.postgres.statement.SqlNames;

/// What a name of the extended protocol stands for: a text, and what was said about it when it came
/// and was passed on. It is not read again when it is executed, so no record says otherwise.
///
/// @param refused why it is not passed on, in one word
/// @param renames whether the text could make or drop names by itself
/// @param names what the text does with names of prepared statements and cursors
/// @param shortValues whether the values of its parameters have to be short
public record NamedStatement(
    Bytes text,
    SqlFacts facts,
    Optional<String> refused,
    boolean renames,
    boolean shortValues,
    SqlNames names) {
  /// What it is worth after it was judged; `typed`: a parameter is declared as something that has
  /// to be short.
  public static NamedStatement of(Bytes text, FilteredText said, boolean typed) {
    var judgement = said.judgement();
    return new NamedStatement(
        text,
        judgement.facts(),
        judgement.refused(),
        said.renames(),
        typed || judgement.shortValues(),
        judgement.names());
  }

  /// That of a name which no message of the protocol has made. The text of the SQL that made it is
  /// in the record already.
  public static NamedStatement madeInSql(
      String what, String name, Optional<NameOrigins.Origin> origin) {
    String by = origin.map(o -> "operation " + o.number()).orElse("an earlier operation");
    Bytes words = Bytes.ofUtf8("-- " + what + " \"" + name + "\", made by " + by);
    Bytes text =
        origin
            .flatMap(NameOrigins.Origin::text)
            .map(made -> words.plus(Bytes.ofUtf8(":\n")).plus(made))
            .orElse(words);
    SqlFacts execute = AsyncFilter.MADE_IN_SQL.facts();
    SqlFacts facts = origin.map(o -> execute.preparedBy(o.number())).orElse(execute);
    return new NamedStatement(text, facts, Optional.empty(), true, false, SqlNames.NONE);
  }
}
