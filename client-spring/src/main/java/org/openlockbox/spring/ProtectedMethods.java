package org.openlockbox.spring;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.client.LockboxClient;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.application.ApplicationAction;
import org.openlockbox.gateway.application.ApplicationSpec;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Compares what controllers say with the catalogue, before the application serves anybody. What
/// does not fit stops the start, and so does a protected method that no request is mapped to: its
/// annotation would protect nothing.
final class ProtectedMethods implements SmartInitializingSingleton {
  private final LockboxClient lockbox;
  private final ObjectProvider<RequestMappingHandlerMapping> mappings;
  private final ConfigurableListableBeanFactory beans;

  ProtectedMethods(
      LockboxClient lockbox,
      ObjectProvider<RequestMappingHandlerMapping> mappings,
      ConfigurableListableBeanFactory beans) {
    this.lockbox = lockbox;
    this.mappings = mappings;
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<HandlerMethod> mapped =
        mappings.stream()
            .flatMap(mapping -> mapping.getHandlerMethods().values().stream())
            .toList();
    mapped.forEach(this::requireListed);
    for (String bean : beans.getBeanNamesForType(Object.class, true, false)) {
      if (!ScopedProxyUtils.isScopedTarget(bean)) {
        annotated(bean).forEach(method -> requireMapped(mapped, bean, method));
      }
    }
  }

  private Set<Method> annotated(String bean) {
    Class<?> type = AutoProxyUtils.determineTargetClass(beans, bean);
    if (type == null || !AnnotationUtils.isCandidateClass(type, LockboxProtected.class)) {
      return Set.of();
    }
    try {
      return MethodIntrospector.selectMethods(
          ClassUtils.getUserClass(type),
          (MethodFilter)
              method -> AnnotatedElementUtils.hasAnnotation(method, LockboxProtected.class));
    } catch (LinkageError | IllegalStateException e) {
      return Set.of(); // a class that names others which are not there; nobody can call it either
    }
  }

  private static void requireMapped(List<HandlerMethod> mapped, String bean, Method method) {
    if (mapped.stream().noneMatch(each -> isOf(each, bean, method))) {
      throw new IllegalStateException(
          "@LockboxProtected protects nothing at %s: no request of Spring MVC is mapped to it"
              .formatted(method));
    }
  }

  /// A proxy of the bean may have the method anew.
  private static boolean isOf(HandlerMethod mapped, String bean, Method method) {
    Method reached = mapped.getMethod();
    boolean isProxied =
        bean.equals(mapped.getBean())
            && reached.getName().equals(method.getName())
            && Arrays.equals(reached.getParameterTypes(), method.getParameterTypes());
    return isProxied || reached.equals(method);
  }

  private void requireListed(HandlerMethod method) {
    LockboxProtected wanted = method.getMethodAnnotation(LockboxProtected.class);
    if (wanted == null) {
      return;
    }
    Optional<Level> listed = spec(lockbox, wanted).levelOf(new ApplicationAction(wanted.action()));
    if (listed.filter(wanted.level()::equals).isEmpty()) {
      throw new IllegalStateException(
          "%s: the catalogue of %s gives %s the level %s, and @LockboxProtected says %s"
              .formatted(
                  method,
                  wanted.resource(),
                  wanted.action(),
                  listed.map(Level::word).orElse("of none"),
                  wanted.level().word()));
    }
  }

  /// What the catalogue says of a method's resource.
  ///
  /// @throws IllegalStateException if this application does not serve it
  static ApplicationSpec spec(LockboxClient lockbox, LockboxProtected wanted) {
    return lockbox.resources().stream()
        .filter(each -> each.id().value().equals(wanted.resource()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "@LockboxProtected: this application does not serve " + wanted.resource()));
  }
}
