/// The one reader of YAML: settings files and policies are read through it.
@NullMarked
package org.openlockbox.policy.yaml;

import org.jspecify.annotations.NullMarked;
