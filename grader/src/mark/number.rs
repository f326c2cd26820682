//! Exact numbers with the form in which they were written.

/// How a number is written, where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An integer or decimal.
    Plain,
    /// Parts of a hundred.
    Percent,
    /// Parts of a thousand.
    Permille,
    /// A fraction with this denominator.
    Fraction(i128),
    /// A power with this exponent, such as 10^2.
    Power(i32),
}

/// An exact number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// All digits as one integer.
    mantissa: i128,
    /// How many of them stand behind the point; the last one is not 0.
    scale: u8,
    pub(super) form: Form,
    /// Written with leading zeros (`007`), as codes are.
    pub(super) leading_zeros: u8,
}

impl Number {
    /// An integer.
    pub(super) fn integer(value: i128) -> Number {
        Number::plain(value, 0)
    }

    pub(super) fn plain(mut mantissa: i128, mut scale: u8) -> Number {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Number { mantissa, scale, form: Form::Plain, leading_zeros: 0 }
    }

    /// At most [`u8::MAX`] zeros are remembered.
    pub(super) fn with_leading_zeros(self, zeros: usize) -> Number {
        Number { leading_zeros: zeros.min(usize::from(u8::MAX)) as u8, ..self }
    }

    pub(super) fn with_form(self, form: Form) -> Number {
        Number { form, ..self }
    }

    /// The value if it is an integer without sign of percent or fraction.
    pub(super) fn as_integer(&self) -> Option<i128> {
        (self.form == Form::Plain && self.scale == 0).then_some(self.mantissa)
    }

    /// Whether one lacks the sign of percent that the other has.
    pub(super) fn differs_in_percent_sign(&self, other: &Number) -> bool {
        let plain = |form| matches!(form, Form::Plain | Form::Percent);
        self.form != other.form
            && plain(self.form)
            && plain(other.form)
            && (self.mantissa, self.scale) == (other.mantissa, other.scale)
    }

    /// Whether both are the same size, however they are written (0.5, 50%, 1/2).
    pub(super) fn same_size(&self, other: &Number) -> bool {
        let (Some((a, b)), Some((c, d))) = (self.ratio(), other.ratio()) else { return false };
        matches!((a.checked_mul(d), c.checked_mul(b)), (Some(left), Some(right)) if left == right)
    }

    /// Whether it is written as this fraction.
    pub(super) fn is_fraction_of(&self, over: &Number, under: &Number) -> bool {
        matches!(self.form, Form::Fraction(own) if under.as_integer() == Some(own))
            && over.as_integer() == Some(self.mantissa)
    }

    /// Whether `self : b` is `c : d`.
    pub(super) fn in_proportion(&self, b: &Number, c: &Number, d: &Number) -> bool {
        match (self.as_integer(), b.as_integer(), c.as_integer(), d.as_integer()) {
            (Some(a), Some(b), Some(c), Some(d)) if [a, b, c, d].iter().all(|part| *part != 0) => {
                matches!((a.checked_mul(d), b.checked_mul(c)), (Some(left), Some(right)) if left == right)
            }
            _ => false,
        }
    }

    /// Multiplied by an exact ratio, for conversion between units.
    pub(super) fn same_size_scaled(&self, by: (i128, i128), other: &Number, other_by: (i128, i128)) -> bool {
        let scaled = |number: &Number, by: (i128, i128)| {
            let (a, b) = number.ratio()?;
            Some((a.checked_mul(by.0)?, b.checked_mul(by.1)?))
        };
        let (Some((a, b)), Some((c, d))) = (scaled(self, by), scaled(other, other_by)) else { return false };
        matches!((a.checked_mul(d), c.checked_mul(b)), (Some(left), Some(right)) if left == right)
    }

    fn ratio(&self) -> Option<(i128, i128)> {
        let ten = 10_i128.checked_pow(u32::from(self.scale))?;
        if let Form::Power(exponent) = self.form {
            let power = self.mantissa.checked_pow(exponent.unsigned_abs())?;
            return (self.scale == 0).then_some(if exponent < 0 { (1, power) } else { (power, 1) });
        }
        let under = match self.form {
            Form::Plain | Form::Power(_) => 1,
            Form::Percent => 100,
            Form::Permille => 1000,
            Form::Fraction(under) => under,
        };
        Some((self.mantissa, ten.checked_mul(under)?))
    }

    pub(super) fn negated(self) -> Number {
        Number { mantissa: -self.mantissa, ..self }
    }

    pub(super) fn times_ten_thousand(self) -> Option<Number> {
        (self.form == Form::Plain).then(|| self.times_power(4)).flatten()
    }

    pub(super) fn tenth(self) -> Number {
        Number::plain(self.mantissa, self.scale + 1)
    }

    pub(super) fn plus_half(self) -> Option<Number> {
        (self.form == Form::Plain && self.scale == 0)
            .then(|| self.mantissa.checked_mul(10)?.checked_add(5).map(|m| Number::plain(m, 1)))
            .flatten()
    }

    pub(super) fn times_power(self, power: u32) -> Option<Number> {
        let cut = u32::from(self.scale).min(power);
        let mantissa = self.mantissa.checked_mul(10_i128.checked_pow(power - cut)?)?;
        Some(Number::plain(mantissa, self.scale - cut as u8))
    }

    pub(super) fn divided_by_power(self, power: u32) -> Option<Number> {
        let scale = u8::try_from(u32::from(self.scale) + power).ok().filter(|&scale| scale < 30)?;
        Some(Number::plain(self.mantissa, scale))
    }

    pub(super) fn plus(self, other: Number) -> Option<Number> {
        let scale = self.scale.max(other.scale);
        let align = |n: Number| n.mantissa.checked_mul(10_i128.checked_pow(u32::from(scale - n.scale))?);
        Some(Number::plain(align(self)?.checked_add(align(other)?)?, scale))
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, digits) = (if self.mantissa < 0 { "-" } else { "" }, self.mantissa.unsigned_abs().to_string());
        let scale = usize::from(self.scale);
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        let zeros = "0".repeat(usize::from(self.leading_zeros));
        write!(f, "{sign}{zeros}{whole}{}{part}", if scale > 0 { "." } else { "" })?;
        match self.form {
            Form::Plain => Ok(()),
            Form::Percent => f.write_str("%"),
            Form::Permille => f.write_str("‰"),
            Form::Fraction(under) => write!(f, "/{under}"),
            Form::Power(exponent) => write!(f, "^{exponent}"),
        }
    }
}
