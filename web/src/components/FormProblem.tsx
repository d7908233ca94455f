import { Alert } from '@mantine/core';
import { CircleAlert } from 'lucide-react';

/** What is wrong with a form as a whole; read out when it appears. */
export function FormProblem({ text }: { text: string | null }) {
  return (
    <div role="alert" className="live">
      {text && (
        <Alert role="group" color="red" variant="light" icon={<CircleAlert size={20} aria-hidden />}>
          {text}
        </Alert>
      )}
    </div>
  );
}
