/// HTTP on a gateway: engineers come with a token, and each request is recorded before it is
/// forwarded.
@NullMarked
package org.openlockbox.http;

import org.jspecify.annotations.NullMarked;
