package org.openlockbox.cli.command.keyring;

import org.openlockbox.core.subject.SubjectId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An approver and a key file, typed as `id[:Display Name]=FILE`.
public record NamedKey(SubjectId approver, String name, String file) {
  /// Stands where nothing was typed yet.
  static final NamedKey NONE = new NamedKey(new SubjectId("nobody"), "nobody", "");

  /// Reads one from the command line.
  public static final class NamedKeyConverter implements ITypeConverter<NamedKey> {
    @Override
    public NamedKey convert(String text) {
      int equal = text.indexOf('=');
      if (equal < 1 || equal == text.length() - 1) {
        throw new TypeConversionException("'" + text + "' is not ID[:NAME]=FILE");
      }
      String who = text.substring(0, equal);
      int colon = who.indexOf(':');
      String id = colon < 0 ? who : who.substring(0, colon);
      String name = colon < 0 ? id : who.substring(colon + 1);
      try {
        return new NamedKey(new SubjectId(id), name, text.substring(equal + 1));
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }
}
