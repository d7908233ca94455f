import {
  BrainCircuit,
  BriefcaseBusiness,
  Clapperboard,
  CodeXml,
  Heart,
  Languages,
  LayoutGrid,
  Megaphone,
  Music,
  Palette,
  PenLine,
  Camera,
  type LucideIcon,
} from 'lucide-react';

const icons: Record<string, LucideIcon> = {
  design: Palette,
  programming: CodeXml,
  writing: PenLine,
  translation: Languages,
  marketing: Megaphone,
  video: Clapperboard,
  music: Music,
  business: BriefcaseBusiness,
  data: BrainCircuit,
  lifestyle: Heart,
  photography: Camera,
};

/** A category's picture; a category that has none of its own gets a general one. */
export function CategoryIcon({ id }: { id: string }) {
  const found = Object.keys(icons).find((name) => id.includes(name));
  const Icon = (found && icons[found]) || LayoutGrid;
  return <Icon size={24} aria-hidden />;
}
