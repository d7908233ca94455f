import { rules } from '~/api/schema/rules';
import type { Gig, GigForm } from '~/api/types';
import { hasCount, hasLength, isPrice, isWhole } from '~/components/rules';

export type PackageName = 'basic' | 'standard' | 'premium';
export const packageNames: PackageName[] = ['basic', 'standard', 'premium'];

/** A package as it is typed: the price in major units. */
export interface PackageFields {
  name: PackageName;
  title: string;
  description: string;
  price: string | number;
  delivery_days: string | number;
  revisions: string | number;
}

export interface GigFields {
  title: string;
  description: string;
  category: string;
  subcategory: string;
  tags: string[];
  packages: PackageFields[];
  faq: { question: string; answer: string }[];
}

export const emptyPackage = (name: PackageName): PackageFields => ({ name, title: '', description: '', price: '', delivery_days: 3, revisions: 1 });
export const emptyGig: GigFields = { title: '', description: '', category: '', subcategory: '', tags: [], packages: [emptyPackage('basic')], faq: [] };

export const fieldsOf = (gig: Gig): GigFields => ({
  title: gig.title,
  description: gig.description,
  category: gig.category,
  subcategory: gig.subcategory,
  tags: gig.tags,
  packages: gig.packages.map((p) => ({ ...p, title: p.title || '', price: p.price.amount / 100 })),
  faq: gig.faq,
});

export function formOf(fields: GigFields, images: string[], currency: string): GigForm {
  return {
    title: fields.title.trim(),
    description: fields.description.trim(),
    category: fields.category,
    subcategory: fields.subcategory,
    tags: fields.tags,
    packages: fields.packages.map((p) => ({
      name: p.name,
      ...(p.title.trim() ? { title: p.title.trim() } : {}),
      description: p.description.trim(),
      price: { amount: Math.round(Number(p.price) * 100), currency },
      delivery_days: Number(p.delivery_days),
      revisions: Number(p.revisions),
    })),
    faq: fields.faq.map((f) => ({ question: f.question.trim(), answer: f.answer.trim() })),
    images,
  };
}

/** The rules that the gigs service has too, by the fields' paths; each gives the key of its text. */
export function check(fields: GigFields): Record<string, string> {
  const errors: Record<string, string> = {};
  const rule = (path: string, good: boolean, key: string) => {
    if (!good) errors[path] = key;
  };
  rule('title', hasLength(fields.title, rules.gig_form.title), 'rule.title');
  rule('description', hasLength(fields.description, rules.gig_form.description), 'rule.description');
  rule('category', fields.category !== '', 'rule.category');
  rule('subcategory', fields.subcategory !== '', 'rule.subcategory');
  rule('tags', hasCount(fields.tags, rules.gig_form.tags), 'rule.tags');
  fields.packages.forEach((p, i) => {
    const at = `packages.${i}`;
    rule(`${at}.description`, hasLength(p.description, rules.package_form.description), 'rule.package_description');
    rule(`${at}.price`, isPrice(p.price, rules.package_form.price), 'rule.price');
    rule(`${at}.delivery_days`, isWhole(p.delivery_days, rules.package_form.delivery_days), 'rule.days');
    rule(`${at}.revisions`, isWhole(p.revisions, rules.package_form.revisions), 'rule.revisions');
  });
  fields.faq.forEach((f, i) => {
    rule(`faq.${i}.question`, f.question.trim() !== '', 'rule.needed');
    rule(`faq.${i}.answer`, f.answer.trim() !== '', 'rule.needed');
  });
  return errors;
}
