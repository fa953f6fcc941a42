package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

final class OpenApiTest {
  @Test
  void theDocumentDescribesExactlyWhatIsServed() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
    var served =
        scanner.findCandidateComponents("org.openlockbox.server").stream()
            .map(found -> methods(Objects.requireNonNull(found.getBeanClassName())))
            .flatMap(Arrays::stream)
            .flatMap(OpenApiTest::endpoints)
            .sorted()
            .toList();
    assertThat(served).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(Endpoint.described()).isEqualTo(served);
  }

  private static Method[] methods(String type) {
    try {
      return Class.forName(type).getDeclaredMethods();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Endpoint> endpoints(Method method) {
    var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
    return mapping == null
        ? Stream.of()
        : Arrays.stream(mapping.path())
            .flatMap(
                path ->
                    List.of(mapping.method()).stream()
                        .map(verb -> new Endpoint(verb.name(), path)));
  }
}
