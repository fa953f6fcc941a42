/// What browsers meet first: the two origins, what is said to browsers, form tokens, and what a
/// page shares with all others.
@NullMarked
package org.openlockbox.portal.edge;

import org.jspecify.annotations.NullMarked;
