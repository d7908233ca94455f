import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { loadAfresh } from '~/app/newVersion';

export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

const texts = import.meta.glob<Record<string, unknown>>('./{en,es}/*.json', { import: 'default' });

// Each page's words come with the page, in the one language that is read.
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = texts[`./${language}/${namespace}.json`];
    if (!load) {
      done(new Error(`no texts ${language}/${namespace}`), null);
      return;
    }
    load().then(
      (words) => done(null, words as never),
      (e: Error) => void (loadAfresh() || done(e, null)), // words of a version that is gone
    );
  },
};

/** Never fulfilled before the common words are here: no page can be shown without them. */
let begun: () => void;
const started = new Promise<void>((done) => (begun = done));

/** Brings words before they are used: a page that lacks some when it is drawn is drawn twice, the second time later. */
export async function bring(namespaces: string[]) {
  await started;
  await i18next.loadNamespaces(namespaces);
}

export async function startI18n(language: string) {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      supportedLngs: languages,
      ns: ['common'],
      defaultNS: 'common',
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
      react: { useSuspense: true },
    });
  begun();
}

export async function chooseLanguage(language: Language) {
  try {
    localStorage.setItem('oficio-language', language);
  } catch {
    // Kept for this page alone, then.
  }
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
