package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/// Where a call comes from, behind a proxy that is trusted and behind one that is not.
final class TrustedProxiesTest {
  private static final Extension TELLS =
      (server, context) -> context.registerBean(SourceApi.class, SourceApi::new);
  private static final Map<String, String> FORWARDED =
      Map.of("X-Forwarded-For", "198.51.100.1, 203.0.113.7, 10.1.2.3");

  /// Tells a caller where it calls from.
  @Controller
  static final class SourceApi {
    @GetMapping("/source")
    @ResponseBody
    byte[] source(HttpServletRequest request) {
      return ("{\"from\":\"" + request.getRemoteAddr() + "\"}").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static String from(List<String> proxies) {
    try (var server = TestServer.behind(proxies, TELLS)) {
      return server.call(0, "operator", "GET", "/source", "", FORWARDED).json().text("from");
    }
  }

  @Test
  void theLastAddressThatIsNoTrustedProxyIsTheClients() {
    assertThat(from(List.of("127.0.0.0/8", "10.0.0.0/8"))).isEqualTo("203.0.113.7");
  }

  @Test
  void whoIsNotTrustedSaysNothing() {
    assertThat(from(List.of("10.0.0.0/8"))).isEqualTo("127.0.0.1");
    assertThat(from(List.of())).isEqualTo("127.0.0.1");
  }
}
