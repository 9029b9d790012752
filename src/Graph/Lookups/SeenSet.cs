using System.Numerics;

namespace AuthzGraph.Graph.Lookups;

/// <summary>
/// Which objects a lookup has met at which place: an open-addressing table of lines, each for 512 numbers that follow one another at one
/// place. Numbers are dense, so many results take a bit each; a lonely one takes a line.
/// </summary>
internal sealed class SeenSet
{
    private const int LineBits = 9;
    private const int WordsPerLine = (1 << LineBits) / 64;
    private const int SmallestSize = 64;
    private const int LargestKept = 64 * 1024;

    private ulong[] _keys = new ulong[SmallestSize];        // place and line, plus one; 0: free
    private ulong[] _bits = new ulong[SmallestSize * WordsPerLine];
    private int _lines;

    /// <summary>Empties it; what grew very large is given back.</summary>
    public void Clear()
    {
        if (_keys.Length > LargestKept)
        {
            _keys = new ulong[SmallestSize];
            _bits = new ulong[SmallestSize * WordsPerLine];
        }
        else if (_lines > 0)
        {
            Array.Clear(_keys);
            Array.Clear(_bits);
        }
        _lines = 0;
    }

    public bool Contains(int place, uint number)
    {
        int slot = Slot(Key(place, number));
        return _keys[slot] != 0 && (Word(slot, number) & Bit(number)) != 0;
    }

    /// <summary>False if it was there.</summary>
    public bool Add(int place, uint number)
    {
        ulong key = Key(place, number);
        int slot = Slot(key);
        if (_keys[slot] == 0)
        {
            if (_lines * 2 >= _keys.Length)
            {
                Grow();
                slot = Slot(key);
            }
            _keys[slot] = key;
            _lines++;
        }
        ref ulong word = ref Word(slot, number);
        ulong before = word;
        word |= Bit(number);
        return word != before;
    }

    private static ulong Key(int place, uint number) => ((ulong)(uint)place << 32 | number >> LineBits) + 1;

    private static ulong Bit(uint number) => 1UL << (int)(number & 63);

    private ref ulong Word(int slot, uint number) => ref _bits[slot * WordsPerLine + (int)(number >> 6 & (WordsPerLine - 1))];

    private int Slot(ulong key)
    {
        int mask = _keys.Length - 1;
        int slot = (int)(key * 0x9E37_79B9_7F4A_7C15 >> 64 - BitOperations.Log2((uint)_keys.Length));
        while (_keys[slot] != 0 && _keys[slot] != key) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        (ulong[] keys, ulong[] bits) = (_keys, _bits);
        _keys = new ulong[keys.Length * 2];
        _bits = new ulong[bits.Length * 2];
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0) continue;
            int slot = Slot(keys[i]);
            _keys[slot] = keys[i];
            Array.Copy(bits, i * WordsPerLine, _bits, slot * WordsPerLine, WordsPerLine);
        }
    }
}
