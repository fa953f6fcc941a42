/// A gateway inside an application of Spring Boot: controllers say which of their methods show a
/// customer's data, and nothing else shows it.
@NullMarked
package org.openlockbox.spring;

import org.jspecify.annotations.NullMarked;
