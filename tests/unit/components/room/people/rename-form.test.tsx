// @vitest-environment happy-dom
import { act } from 'react';
import { expect, it, vi } from 'vitest';
import { RenameForm } from '@/components/room/people/rename-form';
import { mount } from '@tests/unit/components/mount';

const COMPOSING_CODE = 229;

it('Escape discards a new name, but for the one that an input method lets go of a word with', () => {
  const cancel = vi.fn();
  const container = mount(<RenameForm name="Ann" onRename={() => undefined} onCancel={cancel} />);
  function escape(marks: object) {
    const key = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true, ...marks });
    act(() => void container.querySelector('input')?.dispatchEvent(key));
  }
  escape({ isComposing: true });
  escape({ keyCode: COMPOSING_CODE });
  expect(cancel).not.toHaveBeenCalled();
  escape({});
  expect(cancel).toHaveBeenCalledOnce();
});
