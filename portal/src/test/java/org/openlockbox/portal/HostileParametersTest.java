package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestServer.Answer;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;

/// Every parameter of every page and call, found from the handlers themselves, with values that no
/// form of ours sends: the answer may be any but "the server failed".
final class HostileParametersTest {
  private static final PortalFixture PORTAL = new PortalFixture();

  /// As they stand in an address or a form.
  private static final List<String> HOSTILE =
      List.of("", "abc", "-1", "99999999999", "99999999999999999999", "%ff", "%00", "%ed%a0%80");

  private static Answer request;

  @BeforeAll
  static void ask() {
    request = PORTAL.acme.ask("helpdesk");
  }

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  /// A path and its parameters, each of which is varied alone.
  private record Handler(RequestMethod method, String path, List<String> parameters) {}

  private static List<Handler> handlers() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
    return Stream.of("org.openlockbox.server", "org.openlockbox.portal")
        .flatMap(root -> scanner.findCandidateComponents(root).stream())
        .map(found -> type(String.valueOf(found.getBeanClassName())))
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .flatMap(HostileParametersTest::handlers)
        .toList();
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Handler> handlers(Method method) {
    var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
    if (mapping == null) {
      return Stream.empty();
    }
    var parameters =
        Arrays.stream(method.getParameters())
            .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
            .filter(parameter -> !Map.class.isAssignableFrom(parameter.getType()))
            .filter(parameter -> !MultiValueMap.class.isAssignableFrom(parameter.getType()))
            .map(HostileParametersTest::name)
            .toList();
    return Arrays.stream(mapping.path())
        .map(path -> new Handler(mapping.method()[0], filled(path), parameters));
  }

  private static String name(Parameter parameter) {
    var annotation = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
    return annotation == null || annotation.name().isEmpty()
        ? parameter.getName()
        : annotation.name();
  }

  /// The path of what there is; what there is not is number 1.
  private static String filled(String path) {
    return path.replace("{r}", PortalFixture.id(request))
        .replace("{t}", "acme")
        .replace("{k}", PORTAL.passkey.key().keyId().hex())
        .replaceAll("\\{[^}]*}", "1");
  }

  @Test
  void noParameterOfAPageMakesTheServerFail() {
    var failed = new ArrayList<String>();
    var handlers = handlers().stream().filter(one -> !one.path.startsWith("/v1/")).toList();
    assertThat(handlers).hasSizeGreaterThan(40);
    for (var address : List.of("ann@acme.example", "eve@vendor.example")) {
      var browser = PORTAL.browser().as(address);
      for (var handler : handlers) {
        failed.addAll(onPage(browser, handler));
      }
    }
    assertThat(failed).isEmpty();
  }

  private static List<String> onPage(TestBrowser browser, Handler handler) {
    var failed = new ArrayList<String>();
    for (var parameter : handler.parameters) {
      for (var value : HOSTILE) {
        var others = others(handler, parameter);
        int status =
            handler.method == RequestMethod.GET
                ? status(browser, handler.path + "?" + parameter + "=" + value + others)
                : browser.postRaw(handler.path, parameter + "=" + value + others).status();
        if (status == 500) {
          failed.add("%s %s, %s=%s".formatted(handler.method, handler.path, parameter, value));
        }
      }
    }
    return failed;
  }

  /// The answer of a page that may go on for ever.
  private static int status(TestBrowser browser, String path) {
    var response = browser.stream(0, path, Map.of());
    try (var _ = response.body()) {
      return response.statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String others(Handler handler, String but) {
    var others = new StringBuilder();
    handler.parameters.stream()
        .filter(one -> !one.equals(but))
        .forEach(one -> others.append('&').append(one).append("=1"));
    return others.toString();
  }

  @Test
  void noParameterOfACallMakesTheServerFail() {
    var failed = new ArrayList<String>();
    var handlers = handlers().stream().filter(one -> one.path.startsWith("/v1/")).toList();
    assertThat(handlers).hasSizeGreaterThan(20);
    for (var handler : handlers) {
      for (var parameter : handler.parameters) {
        for (var value : HOSTILE) {
          var path = handler.path + "?" + parameter + "=" + value;
          var answer =
              PORTAL.server.call(
                  0, "acme-approver", handler.method.name(), path, "{}", new TreeMap<>());
          if (answer.status() == 500) {
            failed.add(handler.method + " " + path);
          }
        }
      }
    }
    assertThat(failed).isEmpty();
  }

  @Test
  void aBrowserThatComesBackWithNonsenseIsAnsweredAsFromTheBeginning() {
    var browser = PORTAL.browser().as("ann@acme.example");
    assertThat(browser.get(PortalFixture.page(request) + "/live/stream?from=abc").status())
        .isEqualTo(400);
  }
}
