package org.openlockbox.node.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.openlockbox.node.logging.LogSettings.LogFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Puts the settings of the log in force. Called before anything starts.
public final class LogOutput {
  /// Keeps Spring Boot from setting up the log once more, and so from forgetting this.
  private static final String OF_SPRING = "org.springframework.boot.logging.LoggingSystem";

  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} %-5level %logger{30} %replace(%msg){'\\s*[\\r\\n]+\\s*', ' '}";

  private LogOutput() {}

  public static void use(LogSettings settings) {
    System.setProperty(OF_SPRING, "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console")
            instanceof OutputStreamAppender<ILoggingEvent> console) {
      console.setEncoder(encoder(settings, context));
    }
  }

  /// Writes events in this form.
  static Encoder<ILoggingEvent> encoder(LogSettings settings, LoggerContext context) {
    Encoder<ILoggingEvent> encoder =
        settings.format() == LogFormat.ECS ? ecs(settings) : text(settings, context);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LogSettings settings, LoggerContext context) {
    var layout = new PatternLayout();
    layout.getInstanceConverterMap().put("cause", CauseConverter::new);
    layout.setContext(context);
    layout.setPattern(LINE + (settings.traces() ? "%n%ex" : "%cause%nopex%n"));
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setLayout(layout);
    return encoder;
  }

  private static Encoder<ILoggingEvent> ecs(LogSettings settings) {
    var encoder = new EventFields();
    encoder.setServiceName("lockbox");
    if (!settings.traces()) {
      encoder.setThrowableConverter(new CauseConverter());
    }
    return encoder;
  }
}
