package org.openlockbox.node.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;

/// Writes why something failed in one line: each cause with its words, the last one with the place
/// in our code that is nearest to it.
public final class CauseConverter extends ThrowableHandlingConverter {
  private static final int MOST_CAUSES = 8;
  private static final String OURS = "org.openlockbox.";

  @Override
  public String convert(ILoggingEvent event) {
    var text = new StringBuilder();
    var cause = event.getThrowableProxy();
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      text.append(i == 0 ? "; " : "; caused by ").append(told(cause));
      if (cause.getCause() == null) {
        text.append(place(cause));
      }
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String told(IThrowableProxy cause) {
    String name = cause.getClassName().substring(cause.getClassName().lastIndexOf('.') + 1);
    String words = cause.getMessage();
    return words == null ? name : name + ": " + words.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  private static String place(IThrowableProxy cause) {
    return Arrays.stream(cause.getStackTraceElementProxyArray())
        .map(StackTraceElementProxy::getStackTraceElement)
        .filter(element -> element.getClassName().startsWith(OURS))
        .findFirst()
        .map(element -> " (%s:%d)".formatted(element.getFileName(), element.getLineNumber()))
        .orElse("");
  }
}
