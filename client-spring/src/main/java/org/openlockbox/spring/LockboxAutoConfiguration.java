package org.openlockbox.spring;

import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.openlockbox.client.ClientConfigReader;
import org.openlockbox.client.LockboxClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Makes a servlet application of Spring Boot its own gateway. `lockbox.config` names the file that
/// says who it is (docs/client.md), unless the application has a [LockboxClient] of its own.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class LockboxAutoConfiguration {
  public LockboxAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  LockboxClient lockboxClient(@Value("${lockbox.config}") String file) throws IOException {
    return LockboxClient.start(ClientConfigReader.read(Path.of(file), InstantSource.system()));
  }

  @Bean
  FilterRegistrationBean<ProtectedFilter> lockboxFilter() {
    var filter = new FilterRegistrationBean<>(new ProtectedFilter());
    filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.FORWARD);
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return filter;
  }

  /// As a bean it is found by every mapping of the application, also by those that it makes itself,
  /// and comes first.
  @Bean
  MappedInterceptor lockboxInterceptor(LockboxClient lockbox) {
    return new MappedInterceptor(null, new ProtectedInterceptor(lockbox));
  }

  @Bean
  WebMvcConfigurer lockboxArguments() {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new ProtectedArguments());
      }
    };
  }

  @Bean
  ProtectedMethods lockboxProtectedMethods(
      LockboxClient lockbox,
      ObjectProvider<RequestMappingHandlerMapping> mappings,
      ConfigurableListableBeanFactory beans) {
    return new ProtectedMethods(lockbox, mappings, beans);
  }
}
