package org.openlockbox.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.tenant.TenantId;

/// ECS, with what an event is about in members of its own: whoever logs hands over the ids, and
/// their types say what they are.
final class EventFields extends EcsEncoder {
  @Override
  protected void addCustomFields(ILoggingEvent event, StringBuilder json) {
    if (event.getArgumentArray() == null) {
      return;
    }
    for (Object argument : event.getArgumentArray()) {
      name(argument).ifPresent(name -> put(json, name, argument.toString()));
    }
  }

  private static Optional<String> name(@Nullable Object argument) {
    return switch (argument) {
      case TenantId _ -> Optional.of("lockbox.tenant");
      case RequestId _ -> Optional.of("lockbox.request");
      case SessionId _ -> Optional.of("lockbox.session");
      case ResourceId _ -> Optional.of("lockbox.resource");
      case GatewayId _ -> Optional.of("lockbox.gateway");
      case null, default -> Optional.empty();
    };
  }

  /// Once: an event may name two requests, and a member stands in JSON once.
  private static void put(StringBuilder json, String name, String value) {
    String key = "\"" + name + "\":";
    if (json.indexOf(key) < 0) {
      json.append(key).append('"');
      JsonUtils.quoteAsString(value, json);
      json.append("\",");
    }
  }
}
