/// Decisions for services and proxies that ask before each request, and enforce the answer
/// themselves.
@NullMarked
package org.openlockbox.check;

import org.jspecify.annotations.NullMarked;
