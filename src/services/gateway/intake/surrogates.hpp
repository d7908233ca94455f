#pragma once

#include <string>
#include <string_view>

namespace oficio::gateway::intake {

// JSON text whose halves of surrogate pairs that stand alone ("\ud83d") are replacement characters.
// Browsers write them where a text was cut within a character, and parsers refuse them.
std::string without_lone_surrogates(std::string_view text);

}  // namespace oficio::gateway::intake
