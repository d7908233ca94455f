#pragma once

#include <string>
#include <vector>

namespace oficio::conformance {

// What no route that takes a JSON object may take, whatever its fields are called. Each must be
// answered with a clear 400 or 422, never with a success or a 5xx.
struct bad_body {
  std::string name;
  std::string text;
};

inline std::vector<bad_body> bad_bodies() {
  std::string deep;
  for (int i = 0; i < 1'000; ++i) deep += R"({"a":[)";
  return {{"cut off", R"({"text": "hel)"},
          {"not JSON", "text=hello&rating=5"},
          {"two documents", "{}{}"},
          {"a list", "[]"},
          {"null", "null"},
          {"a text", R"("text")"},
          {"a number", "1e999"},
          {"nothing in it", "{}"},
          {"an unknown field", R"({"__proto__": {"admin": true}})"},
          {"very deep", deep},
          {"bytes that are no UTF-8", "{\"text\": \"\xc3\x28\"}"},
          {"an overlong form", "{\"text\": \"\xc0\xaf\"}"},
          {"half a surrogate", R"({"text": "\ud800"})"},
          {"a comment", "{/* hello */}"},
          {"single quotes", "{'text': 'hello'}"},
          {"a byte order mark", "\xef\xbb\xbf{}"},
          {"a NUL byte", std::string("{\0}", 3)}};
}

// Texts that people may write in any field for prose. Either they come back as they were sent, or
// they are refused as values; nothing else may happen to them.
struct odd_text {
  std::string name;
  std::string text;
  bool welcome = true;  // in prose
};

inline std::vector<odd_text> odd_texts() {
  return {{"SQL", "'; DROP TABLE messages; --"},
          {"SQL with a comment", "x\" OR \"1\"=\"1\" /*"},
          {"a placeholder", ":id ?1 $1 %s {}"},
          {"full text search", "NEAR(a b) AND title:* OR \"x"},
          {"a JSON path", "$.from.id[0]"},
          {"HTML", "<script>alert(1)</script><img src=x onerror=alert(1)>"},
          {"entities", "&lt;&amp;&#x27;"},
          {"a template", "{{text}} {% include %} ${jndi:ldap://x}"},
          {"backslashes and quotes", "\\\" \\u0041 \\n '"},
          {"line breaks", "one\r\ntwo\nthree\tfour"},
          {"accents and scripts", "¿Qué tal? Ærø, Жук, 你好, नमस्ते, שלום"},
          {"emoji of several parts", "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇸"},
          {"beyond the basic plane", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈"},
          {"a cursor's look", "eyJhIjoxfQ.c2lnbmF0dXJl"},
          {"nothing but spaces", " \t\n ", false},
          {"nothing to be seen", "\u200b\u00a0\u3164\u2060", false},
          {"a NUL", std::string("a\0b", 3), false},
          {"a bell", "a\x07", false},
          {"a turn of direction", "file\u202efdp.exe", false},
          {"a heap of accents", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", false}};
}

}  // namespace oficio::conformance
