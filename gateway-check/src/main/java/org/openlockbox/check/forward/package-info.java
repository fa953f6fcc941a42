/// What proxies ask before they forward a request.
@NullMarked
package org.openlockbox.check.forward;

import org.jspecify.annotations.NullMarked;
