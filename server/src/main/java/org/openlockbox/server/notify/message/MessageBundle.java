package org.openlockbox.server.notify.message;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/// The messages of one language, by id. One that is missing is a bug and fails, and so does one
/// with more places than arguments: nobody reads a `{0}`.
public final class MessageBundle {
  public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN);

  private static final ResourceBundle.Control ONLY_OURS =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  private final Locale locale;
  private final ResourceBundle bundle;

  /// @param name where the files lie on the class path
  public MessageBundle(String name, Locale locale) {
    this.locale = locale;
    this.bundle = ResourceBundle.getBundle(name, locale, ONLY_OURS);
  }

  public Locale locale() {
    return locale;
  }

  /// The message with its arguments put in.
  public String say(String id, Object... arguments) {
    var format = new MessageFormat(pattern(id), locale);
    int places = format.getFormatsByArgumentIndex().length;
    if (places > arguments.length) {
      throw new IllegalArgumentException(
          "%s has %d places, and %d are filled".formatted(id, places, arguments.length));
    }
    return format.format(arguments);
  }

  /// The message as it stands, with its places.
  public String pattern(String id) {
    return bundle.getString(id);
  }

  public boolean knows(String id) {
    return bundle.containsKey(id);
  }
}
