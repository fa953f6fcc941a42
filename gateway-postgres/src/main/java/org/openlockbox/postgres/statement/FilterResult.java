package org.openlockbox.postgres.statement;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;

/// What the record says about a statement, and why it is not passed on, if it is not.
///
/// @param instead the text that is passed on in its place, if it is another one
/// @param names what the text does with names of prepared statements and cursors
/// @param several whether what is passed on may be more than one statement
/// @param shortValues whether the values of its parameters have to be short ([#LONGEST_VALUE])
public record FilterResult(
    SqlFacts facts,
    Optional<StatementRefusal> refusal,
    Optional<Bytes> instead,
    boolean shortValues,
    SqlNames names,
    boolean several) {
  private static final Pattern COPY_IN =
      Pattern.compile("\\bcopy\\b.*\\bstd(in|out)\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// The longest value of a parameter where it has to be short, in bytes.
  public static final int LONGEST_VALUE = TypeTexts.LONGEST;

  /// A single statement that passes.
  public static FilterResult passing(SqlFacts facts) {
    return new FilterResult(facts, Optional.empty(), Optional.empty(), false, SqlNames.NONE, false);
  }

  /// The same, but what passes is passed on word for word.
  public FilterResult asItCame() {
    return new FilterResult(facts, refusal, Optional.empty(), shortValues, names, several);
  }

  /// What is said of it where it comes in a Parse: a COPY that reads from the client does not pass,
  /// nor what may be one while nobody knows what it is.
  public FilterResult inExtendedProtocol(Bytes sql) {
    boolean copiesIn =
        facts.isUnknown()
            ? COPY_IN.matcher(new String(sql.toArray(), ISO_8859_1)).find()
            : facts.classes().contains(StatementClass.COPY_IN.word());
    return copiesIn && refusal.isEmpty() ? refusing(facts, StatementRefusal.copyIn()) : this;
  }

  /// Why it does not pass, in one word for the record.
  public Optional<String> refused() {
    return refusal.map(StatementRefusal::word);
  }

  /// One that does not pass.
  public static FilterResult refusing(SqlFacts facts, StatementRefusal why) {
    return new FilterResult(facts, Optional.of(why), Optional.empty(), false, SqlNames.NONE, false);
  }
}
