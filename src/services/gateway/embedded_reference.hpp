#pragma once

#include <string_view>

// The files of /docs, as the build compiled them in (oficio_embed).
namespace oficio::gateway::reference {

std::string_view index_html();
std::string_view reference_js();
std::string_view swagger_ui_bundle_js();
std::string_view swagger_ui_standalone_preset_js();
std::string_view swagger_ui_css();

std::string_view common_yaml();
std::string_view auth_yaml();
std::string_view users_yaml();
std::string_view gigs_yaml();
std::string_view chat_yaml();
std::string_view orders_yaml();
std::string_view reviews_yaml();
std::string_view files_yaml();
std::string_view gateway_yaml();

}  // namespace oficio::gateway::reference
