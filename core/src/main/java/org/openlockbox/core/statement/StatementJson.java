package org.openlockbox.core.statement;

import java.time.DateTimeException;
import java.util.function.Supplier;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.MalformedJson;

/// What the JSON of signed statements and of entries has in common.
public final class StatementJson {
  private StatementJson() {}

  /// Reads a document; a value that breaks a rule of its type is a fault of the document.
  public static <T> T reading(String what, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new MalformedJson(what + ": " + e.getMessage(), e);
    }
  }

  public static Window window(Fields fields) {
    return new Window(fields.instant("notBefore"), fields.instant("notAfter"));
  }
}
